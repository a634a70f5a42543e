package corpus

import "slices"

// heldAlikes are the look-alikes of the hold-out: each is something that the
// policy says stays, or that it does not name and that support needs to read.
var heldAlikes = slices.Concat(heldNamedAlikes, heldValueAlikes, heldTextAlikes)

var heldNamedAlikes = []kind{
	// A number or a switch whose name also says a measure.
	{name: "measures-later", literal: true, names: []string{"otp required", "passcode enabled", "pin errors", "secret index", "bearer ttl", "credentials version", "salt length", "jwt age ms", "cookie limit", "passphrase bytes", "dsn errors", "apikey expires", "totpFailures", "sessionCookieCount", "pwdMinLength", "oauthTokensActive", "webhook secret version", "authRate", "token bytes", "passwords total"}, values: []string{"{n}", "{k}", "0", "true", "false"}},
	// Keys of caches, objects, shards and lists: no credential.
	{name: "keys-of-data", names: []string{"objectKey", "lookupKey", "keyPrefix", "shard key", "hash key", "range key", "group key", "messageKey", "sortKeys", "map key", "translation key", "keyName", "dedup key", "join key", "index key"}, values: []string{"laps/2026/{word}.json", "{word}:{n}", "{word}.{word}", "{word}_{word}_{n}"}},
	// Words that begin or end like a dangerous one.
	{name: "inner-words-later", names: []string{"tokenize", "detokenizer", "tokenised text", "passport gate", "passivation", "overpass", "underpass", "pinpoint", "pinion", "pingInterval", "saltwater", "basalt", "asphalt", "authorship", "authentic", "cookiebar", "secretariat", "keystone", "keyring path", "spindle", "pincount", "opinionated", "biscuit", "compassDeg", "mailbox", "mailer", "emailer state"},
		values: []string{"{word}", "{word} {word}", "{word}{n}", "{ver}", "v{n}"}},
	// Versions in fields that say so, also of four parts.
	{name: "four-part-version-field", names: []string{"firmwareVersion", "assembly version", "fileVersion", "osVersion", "driver_version", "browser version"}, values: []string{"{four}", "{win4}", "{ver}.{k}"}},
	// Identifiers of messages, requests, builds and rows: random by purpose, and public.
	{name: "random-ids", names: []string{"messageId", "batchId", "requestId", "eventId", "buildId", "deploymentId", "operationId", "runId", "chunkId", "assetId"}, values: []string{"{u21}", "{A27}", "{l1}{a23}", "1{d17}", "{a20}", "lap_01{a24}", "evt_{A24}", "req_{A24}", "msg_{A22}", "{h24}", "01J{U23}", "{U10}-{U4}", "AY{u20}"}},
	// Positions, lists of numbers and settings of screens.
	{name: "series", members: []string{`"points":[{lat},{lon}]`, `"hist":{"0.5":{n},"0.99":{k}}`, `"bbox":[{lon},{lat},{lon},{lat}]`, `"p99":{"authMs":{n},"joinMs":{n}}`, `"series":[[{ms},{n}],[{ms},{n}]]`, `"colors":["#ff8800","#00aa55"]`}},
}

var heldValueAlikes = []kind{
	// Files of front ends, with the hash of their content in the name.
	{name: "asset-names", form: []string{"/assets/index-{u8}.js", "main.{h20}.bundle.js", "/_next/static/chunks/{n}-{h16}.js", "/static/css/app.{h8}.css", "chunk-{L8}.mjs", "/_next/static/{u21}/_buildManifest.js", "roboto-v30-latin-{h10}.woff2", "vendors~main.{h20}.chunk.js.map"}},
	// Lock files: digests of packages.
	{name: "lock-lines", form: []string{"golang.org/x/net v0.{n}.0/go.mod h1:{b32}", "checksum = \"{h64}\"", "resolution: {integrity: sha512-{b64}}", "resolved \"https://registry.example.org/ws/-/ws-8.{n}.0.tgz#{h40}\"", "{file = \"ws-1.{n}-py3-none-any.whl\", hash = \"sha256:{h64}\"}", "/nix/store/{a32}-openssl-3.0.{n}", "narHash = \"sha256-{b32}\"", "\"content-hash\": \"{h32}\"", "--hash=sha256:{h64}", "ws@8.{n}.0: {}", "<script src=\"/a.js\" integrity=\"sha384-{b48}\" crossorigin=\"anonymous\"></script>"}},
	// Headers that name a request on its way through a cloud.
	{name: "request-headers", form: []string{"x-amz-request-id: {U16}", "x-amz-id-2: {b76}", "x-amz-cf-id: {u54}==", "cf-ray: {h16}-FRA", "x-ms-request-id: {uuid}", "x-goog-generation: 17{d14}", "x-vercel-id: fra1::iad1::{a5}-{ms}-{h12}", "fly-request-id: 01J{U23}-fra", "sentry-trace: {h32}-{h16}-1", "b3: {h32}-{h16}-1", "uber-trace-id: {h16}:{h16}:0:1", "X-Cloud-Trace-Context: {h32}/1{d18};o=1", "etag: \"{h32}-{n}\"", "x-cache: HIT, MISS", "server-timing: auth;dur={n}.{n}, db;dur={n}", "alt-svc: h3=\":443\"; ma=86400", "x-envoy-upstream-service-time: {n}", "x-github-request-id: {U4}:{h6}:{h7}:{h7}:{H8}", "content-md5: {b16}"}},
	// Agents of browsers and clients, with versions of four parts.
	{name: "user-agents", form: []string{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.{d4}.{n} Safari/537.36", "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UD1A.231105.004)", "okhttp/4.12.0", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15", "kube-probe/1.31", "Go-http-client/2.0", "node-fetch/1.0 (+https://example.org/node-fetch)", "Prometheus/2.53.{n}", "axios/1.7.{n}"}},
	// Versions and object identifiers with many dots.
	{name: "dotted-numbers", form: []string{"firmware version {four}", "Windows {win4}", "AssemblyVersion 4.0.30319.42000", "OID 1.2.840.113549.1.1.11", "1.3.6.1.4.1.311.21.20", "ProductVersion: 6.1.7601.17514", "version {four} (x64)", "Edge 119.0.2151.{n}", "Kernel 10.0.20348.{k}", "sqlserver 16.0.4165.4", "build 2026.11.24.{n}"}},
	// Netmasks, routes and bind addresses: no host of anybody.
	{name: "net-settings", form: []string{"netmask 255.255.255.0", "0.0.0.0/0 via {private4}", "broadcast {private4}", "default via {private4} dev eth0 proto dhcp", "bind 0.0.0.0:{port}", "ip-10-{n}-0-{n}.eu-west-1.compute.internal", "10.96.0.0/12", "no_proxy=localhost,127.0.0.1,10.0.0.0/8,.svc", "inet {private4}/24 brd 10.0.0.255 scope global eth0", "upstream: \"http://{private4}:3001/\"", "mask 255.255.254.0 gateway {private4}", "fd12:{h4}:{h4}::{n}/64", "src={private4} dst={private4} sport={port}"}},
	// Digests of certificates and keys, and their serial numbers: public.
	{name: "tls-lines", form: []string{"SHA256 Fingerprint={colonhex32}", "X509v3 Subject Key Identifier: {colonhex20}", "serial={H36}", "Serial Number: {colonhex16}", "TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519", "subject=CN = relay.example.com", "issuer=C = US, O = Let's Encrypt, CN = R11", "notAfter=Feb  1 12:00:00 2027 GMT", "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA", "MD5:{colonhex16}", "SHA256:{b43} no comment (RSA)"}},
	// Places in logs, clusters and streams of databases.
	{name: "database-positions", form: []string{"LSN 16/B374D848", "wal 000000010000000A000000FE", "GTID {uuid}:1-{k}", "Timestamp(1735654800, 1)", "ObjectId(\"{h24}\")", "master_replid:{h40}", "run_id:{h40}", "offset {d9} partition {n}", "resourceVersion: \"{d9}\"", "etcd revision {d7} raft term {n}", "query_hash={h16}", "plan 0x{h16}", "txid {d8}", "queryid 1{d18}", "xmin=7{d6}"}},
	// Images and pods, by digest, tag or generated name.
	{name: "cluster-names", form: []string{"pod-template-hash={h10}", "controller-revision-hash={h9}", "relay-{h9}-{a5}", "registry.example.com/relay:sha-{h7}", "registry.example.com/relay:2026.11.24-{h12}", "containerd://{h64}", "aws:///eu-west-1a/i-0{h16}", "kube-api-access-{a5}", "pvc-{uuid}", "gke-pit-default-pool-{h8}-{a4}", "cri-o://{h64}", "helm.sh/release.v1 relay.v{n}", "sha256:{h12}", "overlay2/{h64}/merged", "veth{h7}@if{n}"}},
	// Positions on a track.
	{name: "geo", form: []string{"{lat},{lon}", "POINT({lon} {lat})", "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47", "geohash u33d{a6}", "{\"type\":\"Point\",\"coordinates\":[{lon},{lat}]}", "lat={lat} lon={lon} alt={n}.{n}m", "48°08'14.6\"N 11°34'31.8\"E", "<trkpt lat=\"{lat}\" lon=\"{lon}\"/>", "33UXP04{d6}"}},
	// Small images and their hashes.
	{name: "tiny-images", form: []string{"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath d='M0 4h8'/%3E%3C/svg%3E", "data:image/webp;base64,UklGR{b80}", "blurhash LEHV6nWB2yk8pyo0adR*.7kCMdnj", "data:application/json;base64,{b20}", "image/png;base64,iVBORw0KGgo{b120}"}},
	// Long numbers that are no card: other lengths, other beginnings, other names.
	{name: "numbers-later", form: []string{"ts={ms}000000", "part 1-800-{d4}", "serial 555-{d4}-88", "ticket #{d8}", "17{d17} ns", "frame 0{d12}", "sku {noluhn}", "lot {d4}-{d4}-{d2}", "chassis WP0ZZZ99Z{U8}", "case {d5}-{d6}", "port range 32768-60999", "uid=1000 gid=1000"}},
	// Style sheets, selectors, times of day and rules of calendars.
	{name: "styles-and-schedules", form: []string{"input[type=password]:focus{color:#336699}", "[data-testid=\"password-input\"]", "#login > .password-field .label", "--accent: #ff8800;", "box-shadow: 0 1px 2px rgba(0,0,0,.{n})", "hsl(204 {n}% {n}%)", "0 3 * * 1-5", "FREQ=WEEKLY;BYDAY=MO,WE", "OnCalendar=*-*-* 03:00:00", "rate(5 minutes)", "@media (min-width: {n}0px)", "grid-area: pit / lap / span 2", "CronJob schedule \"*/{n} * * * *\""}},
}
