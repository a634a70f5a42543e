package corpus

// schemes are tokens by form and the values of the Authorization header.
var schemes = []kind{
	{name: "jwt", form: []string{"{jwthead}.«{jwtbody}»", "«{jwt64}»", "{jwthead}.«{jwtbody}»"}, names: []string{"session", "data", "raw", "value"}, values: []string{"{jwthead}.«{jwtbody}»"}},
	{name: "jwt-unsigned", form: []string{"{jwtnonehead}.«{jwtnone}»"}},
	{name: "jwe", form: []string{"{jwehead}.«{u171}.{u16}.{u80}.{u22}»"}},
	{name: "bearer", phrase: []string{"Authorization: Bearer «{u40}»", "authorization: bearer «{A32}»", "sent Bearer «{u43}=» to upstream", "Bearer «{h64}»", "auth header was 'Bearer «{A24}»'", "Authorization: Bearer «{a6}{d3}»", "authorization=Bearer «{l3}{d3}»", "Authorization: bearer «{A8}.{A8}-{d3}»"},
		names: []string{"Authorization", "authorization", "HTTP_AUTHORIZATION"}, values: []string{"Bearer «{u40}»", "bearer «{h40}»", "Token «{h40}»"}},
	{name: "basic", phrase: []string{"Authorization: Basic «{userpw}»", "proxy-authorization: basic «{userpw}»", "using Basic «{userpw}» for the registry"},
		names: []string{"Authorization", "proxyAuthorization", "Proxy-Authorization"}, values: []string{"Basic «{userpw}»"}},
	{name: "digest", phrase: []string{
		`Authorization: Digest username="{user}", realm="relay", nonce="{h32}", uri="/api", qop=auth, nc=00000001, cnonce="{h8}", response="«{h32}»", opaque="{h32}"`,
		`Digest username="{user}",realm="relay",nonce="{h32}",uri="/",response="«{h32}»"`}},
	{name: "aws-signature", phrase: []string{
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIA«{t16}»/{day}/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=«{h64}»",
		"AWS4-HMAC-SHA256 Credential=ASIA«{t16}»/{day}/us-east-1/sts/aws4_request,SignedHeaders=host,Signature=«{h64}»"}},
	{name: "scheme-other", phrase: []string{
		"Authorization: ApiKey «{A32}»", "Authorization: Token token=«{h40}»", "Authorization: SSWS 00«{u40}»", "Authorization: GenieKey «{uuid}»", "Authorization: Splunk «{uuid}»",
		`Authorization: Hawk id="dh37", ts="1735654800", nonce="j4h3g2", mac="«{b43}=»"`, "Authorization: Negotiate «YII{b200}»", "Authorization: DPoP «{u60}»",
		`Authorization: OAuth oauth_consumer_key="{A25}", oauth_token="«{A40}»", oauth_signature="«{b32pct}»"`, "Authorization: SharedAccessSignature sr=relay&sig=«{b32pct}»&se=1735654800",
		"Authorization: Api-Key «{A36}»", "Authorization: hmac {user}:«{b32}»", "AUTH PLAIN «AGFwcAB{b24}»", "C: AUTH PLAIN «AHJlbGF5A{b23}=»", "Authorization: Key «{uuid}:{h32}»"}},
}

// blocks are PEM and other blocks of private material. Words are in pieces so
// that scanners of source code find no key here.
var blocks = []kind{
	{name: "pem-lines", form: pems("\n«{pembody}»\n", "RSA ", "EC ", "DSA ", "", "ENCRYPTED ", "OPENSSH ", "ANY ")},
	{name: "pem-crlf", form: pems("\r\n«{pemcrlf}»\r\n", "RSA ", "")},
	{name: "pem-escaped", form: pems(`\n«{pemesc}»\n`, "RSA ", "EC ", "", "OPENSSH ")},
	{name: "pem-escaped-twice", form: pems(`\\n«{pemesc2}»\\n`, "RSA ", "")},
	{name: "pem-one-line", form: append(pems(" «{pemblank}» ", "RSA ", "EC ", ""), pems("«{pemflat}»", "")...)},
	{name: "pem-cut", form: []string{begin("RSA ") + "\n«{pembody}»", begin("") + "\n«{pembody}»\n", begin("OPENSSH ") + `\n«{pemesc}»`, begin("EC ") + "\n«{b64}»..."}},
	{name: "pem-encrypted-headers", form: []string{begin("RSA ") + "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,{H32}\n\n«{pembody}»\n" + end("RSA ")}},
	{name: "pem-base64", form: []string{"«{pem64}»"}, names: []string{"tls.key", "ssh_key_b64", "data"}, values: []string{"«{pem64}»"}},
	{name: "pem-indented", form: []string{"key: |\n    " + begin("RSA ") + "\n    «{pemindent}»\n    " + end("RSA ")}},
	{name: "pgp-private", form: []string{"-----BEGIN PGP PRIVATE" + " KEY BLOCK-----\nVersion: GnuPG v2\n\n«{pembody}»\n=ab3D\n-----END PGP PRIVATE" + " KEY BLOCK-----"}},
	{name: "putty-private", form: []string{"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: deploy\nPublic-Lines: 2\nAAAAC3NzaC1lZDI1NTE5AAAAI{b39}\n{b28}\nPrivate-Lines: 1\n«{b44}»\nPrivate-MAC: {h64}"}},
	{name: "jwk-private", members: []string{`"jwk":{"kty":"EC","crv":"P-256","x":"{u43}","y":"{u43}","d":"«{u43}»"}`, `"keys":[{"kty":"oct","alg":"HS256","k":"«{u43}»"}]`,
		`"jwk":{"kty":"OKP","crv":"Ed25519","d":"«{u43}»","x":"{u43}"}`}},
}

func begin(label string) string { return "-----BEGIN " + label + "PRIVATE KEY-----" }
func end(label string) string   { return "-----END " + label + "PRIVATE KEY-----" }

func pems(body string, labels ...string) []string {
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = begin(l) + body + end(l)
	}
	return out
}
