package main

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// listeners checks LISTEN and PROBE_LISTEN, which cannot both have one port of one address. Of two that
// collide the one gives way that is free on its default.
func (c *checker) listeners(listen, probe string) (string, string) {
	listen = c.address("Listen", listen, c.defaults.Listen)
	probe = c.address("ProbeListen", probe, c.defaults.ProbeListen)
	switch {
	case !collide(listen, probe):
	case collide(listen, c.defaults.ProbeListen):
		c.fault("Listen", "is on the same port as %s: give each a port of its own", variableName("ProbeListen"))
		listen = c.defaults.Listen
	default:
		c.fault("ProbeListen", "is on the same port as %s: give each a port of its own", variableName("Listen"))
		probe = c.defaults.ProbeListen
	}
	return listen, probe
}

func (c *checker) address(field, text, fallback string) string {
	host, port, err := net.SplitHostPort(text)
	if n, ok := portNumber(port); err == nil && ok && n <= 65535 && (host == "" || isHost(host)) {
		return text
	}
	c.fault(field, "wants HOST:PORT or :PORT, such as %s", fallback)
	return fallback
}

func portNumber(text string) (uint64, bool) {
	n, err := strconv.ParseUint(text, 10, 32)
	return n, err == nil
}

// isPort is true of a port that can be called.
func isPort(text string) bool {
	n, ok := portNumber(text)
	return ok && n >= 1 && n <= 65535
}

// hosts divides HOSTS. A faulty item is told by its place, since its text may be anything.
func (c *checker) hosts(list string) []string {
	var out []string
	for i, h := range strings.Split(list, ",") {
		switch h = strings.TrimSpace(h); {
		case h == "":
		case isHost(strings.TrimSuffix(strings.TrimPrefix(h, "["), "]")):
			out = append(out, h)
		default:
			c.fault("Hosts", "item %d is no host name; write names divided by commas, without scheme, port or path", i+1)
		}
	}
	return out
}

// isHost is true of an address and of what can be the name of a machine.
func isHost(h string) bool {
	if _, err := netip.ParseAddr(h); err == nil {
		return true
	}
	return h != "" && len(h) <= maxLabel && strings.Trim(h, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == ""
}

// collide says whether two addresses cannot be listened on at once: one port, and one address or one of them
// all addresses. Port 0 is another one each time. Names are not looked up.
func collide(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	numberA, okA := portNumber(portA)
	numberB, okB := portNumber(portB)
	if errA != nil || errB != nil || !okA || !okB || numberA != numberB || numberA == 0 {
		return false
	}
	return anyAddress(hostA) || anyAddress(hostB) || plainHost(hostA) == plainHost(hostB)
}

// anyAddress is true of a host that stands for all of them, of both families.
func anyAddress(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "" || err == nil && ip.Unmap().IsUnspecified()
}

// plainHost is the one spelling of a host: localhost is what net.Listen takes it for.
func plainHost(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" {
		return "127.0.0.1"
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().String()
	}
	return host
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// local is the address under which a listener on this machine is reached.
func local(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if anyAddress(host) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// relayURLFault says what is wrong with the relay's address, "" for nothing. It quotes nothing of it:
// a user name or a query may hold a secret.
func relayURLFault(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "is no URL; write it like http://127.0.0.1:3001"
	}
	var why []string
	if u.Scheme != "http" && u.Scheme != "https" {
		why = append(why, "wants http:// or https://")
	}
	if u.Hostname() == "" {
		why = append(why, "has no host; write it like http://127.0.0.1:3001")
	}
	if u.Port() != "" && !isPort(u.Port()) {
		why = append(why, "wants a port from 1 to 65535")
	}
	if u.User != nil {
		why = append(why, "may not hold a user or password; use "+variableName("RelayTokenFile")+" or "+variableName("RelayLoginFile"))
	}
	if u.RawQuery != "" || u.Fragment != "" || u.ForceQuery {
		why = append(why, "may not have a query or fragment")
	}
	return strings.Join(why, "; ")
}
