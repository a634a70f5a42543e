package corpus

// heldMaterial is private key material beside plain PEM.
var heldMaterial = []kind{
	// The body of a private key without its armour: the first bytes of the DER say what it is.
	{name: "der-private", form: []string{"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ«{b1573}=»", "MIIEpAIBAAKCAQEA«{b1574}==»", "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg«{b136}»", "MC4CAQAwBQYDK2VwBCIEI«{b43}»", "MHcCAQEEI«{b153}==»"},
		names: []string{"private key", "pkcs8", "signing key der"}, values: []string{"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ«{b1573}=»", "MC4CAQAwBQYDK2VwBCIEI«{b43}»"}},
	// The private members of an RSA key as JWK and as the XML of .NET; n and e are public.
	{name: "rsa-members", members: []string{`"jwk":{"kty":"RSA","e":"AQAB","n":"{u342}","d":"«{u342}»","p":"«{u171}»","q":"«{u171}»","dp":"«{u171}»","dq":"«{u171}»","qi":"«{u171}»"}`, `"keys":[{"kty":"RSA","kid":"{h8}","use":"sig","d":"«{u342}»","e":"AQAB","n":"{u342}"}]`},
		phrase: []string{"<RSAKeyValue><Modulus>{b342}==</Modulus><Exponent>AQAB</Exponent><P>«{b171}=»</P><Q>«{b171}=»</Q><D>«{b342}==»</D></RSAKeyValue>"}},
	// Blocks of other programs: SSH2, OpenVPN, NATS seeds, minisign, PuTTY 2, the OpenSSH body alone.
	{name: "private-block", form: []string{"---- BEGIN SSH2 ENCRYPTED PRIVATE" + " KEY ----\nComment: \"rig\"\n«{pembody}»\n---- END SSH2 ENCRYPTED PRIVATE" + " KEY ----", "-----BEGIN OpenVPN Static key V1-----\n«{h32}\n{h32}\n{h32}\n{h32}»\n-----END OpenVPN Static key V1-----",
		"-----BEGIN USER NKEY SEED-----\n«SUA{t55}»\n------END USER NKEY SEED------", "untrusted comment: minisign encrypted secret" + " key\nRWRTY0Iy«{b204}»", "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: rig\nPublic-Lines: 1\nAAAAB3NzaC1yc2EAAAABJQAAAQEA{b40}\nPrivate-Lines: 2\n«{b64}\n{b64}»\nPrivate-MAC: {h40}", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQAAACD«{b300}»"}},
	// Seeds by form: NATS nkeys, Nostr, BIP 32, Stellar.
	{name: "seed-by-form", form: []string{"SUA«{t55}»", "SAA«{t55}»", "SOA«{t55}»", "nsec1«{bech58}»", "xprv9s21ZrQH143K«{A96}»"}},
	// Fields of tunnels and networks: their names say key or password.
	{name: "tunnel-keys", names: []string{"wireguard private key", "pre shared key", "wg private key", "wpa passphrase", "ipsec shared secret", "radius secret", "snmp auth password", "tls static key secret"}, values: []string{"«{b43}=»", "«{pw}»", "«{h64}»"},
		phrase: []string{"wpa_passphrase=«{pw}»", "wg set wg0 private-key <(echo «{b43}=»)", ": PSK \"«{pw}»\"", "client {private4} { secret = «{pw}» }", "nmcli dev wifi connect pit password «{pw}»"}},
	// Kubernetes: the credential lines of a kubeconfig; certificate-data is public.
	{name: "kubeconfig", phrase: []string{"users:\n- name: admin\n  user:\n    client-certificate-data: {cert64}\n    client-key-data: «{pem64}»\n", "users:\n- name: ci\n  user:\n    token: «{u43}»\n", "- name: ops\n  user:\n    username: ops\n    password: «{pw}»\n",
		"client-key-data: «{pem64}»", "kubectl config set-credentials ci --token=«{u43}»"},
		members: []string{`"users":[{"name":"admin","user":{"client-certificate-data":"{cert64}","client-key-data":"«{pem64}»"}}]`, `"users":[{"name":"ci","user":{"token":"«{u43}»"}}]`}},
	// Kubernetes objects of kind Secret: values in base64 under names that say so, or that decode to a connection string.
	{name: "kubernetes-object", phrase: []string{"apiVersion: v1\nkind: Secret\ndata:\n  password: «{pw64}»\n  username: {user64}\n", "kind: Secret\ndata:\n  DATABASE_URL: «{dsn64}»\n", "kind: Secret\nstringData:\n  api-token: «{u40}»\n", "kind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: «{dockercfg64}»\n", "kind: Secret\ntype: kubernetes.io/tls\ndata:\n  tls.crt: {cert64}\n  tls.key: «{pem64}»\n"},
		members: []string{`"kind":"Secret","apiVersion":"v1","data":{"password":"«{pw64}»"}`, `"kind":"Secret","data":{"DATABASE_URL":"«{dsn64}»"}`, `"kind":"Secret","data":{".dockerconfigjson":"«{dockercfg64}»"}`}},
	// A hash of a password, in a field whose name says password: the name decides, as policy has it.
	{name: "password-hash-field", names: []string{"password hash", "passwordHash", "hashed password", "encrypted_password", "password_digest", "pwd hash", "user password bcrypt"}, values: []string{"$2b$12$«{A53}»", "$2y$10$«{A53}»", "$argon2id$v=19$m=65536,t=3,p=4$«{b22}${b43}»", "$6$«{A16}${A86}»", "pbkdf2_sha256$600000$«{A22}${b43}=»", "{SSHA}«{b32}»", "scrypt:32768:8:1$«{A16}${h128}»"}},
}
