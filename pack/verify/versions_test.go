package verify_test

import "testing"

var versionsLater = []carriedGroup{
	{"versions and addresses",
		[]string{"client_ip=8.23.97.69", "firmware: none, peer 8.23.97.69", "the version was fetched from 8.23.97.69", `{"version":"2","ip":"8.23.97.69"}`},
		[]string{"firmwareVersion=15.24.6.111", "browser.version: 8.23.97.69", `{"name":"driverVersion","value":"8.26.11.77"}`, "<fileVersion>8.26.11.77</fileVersion>", `s:11:"fileVersion";s:10:"8.26.11.77";`, "BrowserVersion           17.25.9.179"}},
	{"selectors",
		[]string{"[password]:hunter2x", "type=password:hunter2x password:hunter2x"},
		[]string{"input[type=password]:focus{color:#336699}", `input[type="password"]:focus{color:#336699}`}},
}

func TestVersionsAndSelectors(t *testing.T) { scanCarried(t, versionsLater) }
