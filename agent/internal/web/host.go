package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// hostSet is names as hostName gives them.
func hostSet(names []string) map[string]bool {
	set := map[string]bool{}
	for _, n := range names {
		if name := hostName(strings.TrimSpace(n)); name != "" {
			set[name] = true
		}
	}
	return set
}

// hostName is a host in lower case without port, brackets and final dot; "" when it cannot be one.
func hostName(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	} else if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// hostAllowed says whether a Host header names loopback or a listed host. It keeps a page of another site,
// whose name was pointed at loopback (DNS rebinding), from asking in its own name.
func (a *API) hostAllowed(host string) bool {
	name := hostName(host)
	if name == "localhost" || a.hosts[name] {
		return name != ""
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Zone() == "" && ip.IsLoopback()
}

// foreign says whether a browser asks on behalf of another origin: it says so itself in Sec-Fetch-Site,
// or its Origin is not the host that is asked. The scheme is not compared, because a proxy may end TLS.
func foreign(r *http.Request) bool {
	for _, site := range r.Header.Values("Sec-Fetch-Site") {
		if site != "same-origin" && site != "none" {
			return true
		}
	}
	for _, origin := range r.Header.Values("Origin") {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) {
			return true
		}
	}
	return false
}
