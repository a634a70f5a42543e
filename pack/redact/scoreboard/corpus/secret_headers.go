package corpus

// headers are header lines, header maps and cookies.
var headers = []kind{
	{name: "header-key", phrase: []string{
		"X-Api-Key: «{A32}»", "x-auth-token: «{h40}»", "X-Amz-Security-Token: «{b160}»", "PRIVATE-TOKEN: «{u20}»", "Ocp-Apim-Subscription-Key: «{h32}»", "X-Goog-Api-Key: «{u39}»", "X-Access-Token: «{u40}»", "X-CSRF-Token: «{u43}»",
		"X-Shared-Secret: «{A24}»", "X-Webhook-Secret: «{h32}»", "X-Session-Token: «{A32}»", "api-key: «{h32}»", "X-Relay-Auth: «{A30}»", "proxy_set_header X-Api-Key \"«{A32}»\";", "add_header Authorization \"Bearer «{u40}»\" always;", "X-Consul-Token: «{uuid}»"},
		names: []string{"X-Api-Key", "x-auth-token", "X-Access-Token", "x-shared-secret", "X-Client-Secret", "x-admin-token", "X-Signing-Key"}, values: []string{"«{A32}»", "«{u40}»", "«{uuid}»", "«{h20}»"}},
	{name: "cookie", phrase: []string{"Cookie: sid=«{u32}»; theme=dark", "cookie: connect.sid=s%3A«{u32}.{b43}»", "Cookie: a=1; session=«{A40}»; _ga=GA1.2.1234.5678", "Cookie: JSESSIONID=«{H32}»", "Cookie: laravel_session=eyJ«{b120}»"},
		names: []string{"cookie", "Cookie", "cookies", "requestCookies"}, values: []string{"sid=«{u32}»; lang=en", "connect.sid=s:«{u32}.{b43}»"}},
	{name: "set-cookie", phrase: []string{"Set-Cookie: sid=«{u32}»; Path=/; HttpOnly; SameSite=Lax", "set-cookie: auth=«{jwthead}.{jwtbody}»; Max-Age=3600; Secure", "Set-Cookie: remember=«{A48}»; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Domain=example.com"}},
	{name: "websocket-protocol", phrase: []string{"Sec-WebSocket-Protocol: relay.v1, bearer.«{u60}»", "Sec-WebSocket-Protocol: access_token, «{u60}»", "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.«{u120}»"}},
	{name: "header-map", members: []string{
		`"headers":{"Host":["relay.internal"],"Authorization":["Bearer «{u40}»"],"Accept":["*/*"]}`, `"headers":{"accept":"*/*","x-api-key":"«{A32}»","content-length":"12"}`,
		`"header":{"Cookie":["sid=«{u32}»; a=b"],"User-Agent":["relay/2"]}`, `"requestHeaders":{"x-auth-token":["«{h40}»"]}`}},
	{name: "header-pairs", members: []string{
		`"rawHeaders":["Host","relay.internal","Authorization","Bearer «{u40}»","Accept","*/*"]`, `"headers":[["accept","*/*"],["x-api-key","«{A32}»"]]`, `"rawHeaders":["X-Auth-Token","«{h40}»","Connection","keep-alive"]`,
		`"headers":[{"name":"Cookie","value":"sid=«{u32}»"},{"name":"Accept","value":"*/*"}]`, `"headers":[{"key":"authorization","value":"Basic «{userpw}»"}]`, `"rawHeaders":["cookie","sid=«{u32}»"]`}},
	{name: "curl-header", phrase: []string{
		"curl -H 'Authorization: Bearer «{u40}»' https://{site}/", `curl --header "X-Api-Key: «{A32}»" https://{site}/`, "curl -sSH 'PRIVATE-TOKEN: «{u20}»' https://{site}/api", "curl -b 'sid=«{u32}»' https://{site}/", "curl --cookie session=«{A40}» https://{site}/",
		"http GET {site} 'X-Auth-Token:«{h40}»'", "wget --header='Authorization: Token «{h40}»' https://{site}/"}},
	{name: "curl-user", phrase: []string{"curl -u {user}:«{pw}» https://{site}/", "curl --user '{user}:«{pw}»' https://{site}/", "curl -sSu {user}:«{pw}» -X PUT https://{site}/", "curl --proxy-user {user}:«{pw}» https://{site}/", "curl -u \"{user}:«{pw}»\" https://{site}/", "curl --user={user}:«{pw}» https://{site}/"}},
}
