package corpus

// anyValue is what stands under a name that says credential.
var anyValue = []string{"«{pw}»", "«{pwplain}»", "«{A24}»", "«{h32}»", "«{u43}»", "«{b32}»", "«{pwword}»", "«{uuid}»"}

// fields are secrets that only their names give away. A name with blanks is
// joined in a style drawn from six.
var fields = []kind{
	{name: "field-password", names: []string{"password", "Password", "passwd", "pwd", "passphrase", "pass", "passcode", "userPassword", "PASSWORD"}, values: []string{"«{pw}»", "«{pwplain}»", "«{pwhard}»", "«{pwword}»"}},
	{name: "field-styles", names: []string{"db password", "access token", "refresh token", "client secret", "api key", "auth token", "private key", "signing key", "encryption key", "session secret", "webhook secret", "jwt secret", "admin password"}, values: anyValue},
	{name: "field-affixes", names: []string{"old password", "new password confirm", "smtp user password", "redis password file content", "default admin passwd 2", "oauth2 access token", "x relay api key v2", "password hint answer", "cluster join token", "current secret value", "shared key primary", "ssh key passphrase", "root db pwd", "_password", "__auth_token", "password1", "$secret", "apiKey_2"}, values: anyValue},
	{name: "field-camel", names: []string{"dbPassword", "accessToken", "refreshToken", "clientSecret", "apiKey", "authToken", "idToken", "signingKey", "encryptionKey", "jwtSecret", "masterKey", "licenseKey", "botToken", "userPasscode", "hmacSecret"}, values: anyValue},
	{name: "field-env", names: []string{"DB_PASSWORD", "POSTGRES_PASSWORD", "JWT_SECRET", "SESSION_SECRET", "API_TOKEN", "ADMIN_TOKEN", "SECRET_KEY_BASE", "REDIS_PASSWORD", "ENCRYPTION_KEY", "STRIPE_SECRET", "SUPABASE_SERVICE_ROLE_KEY", "MASTER_KEY", "APP_SECRET", "OAUTH_CLIENT_SECRET", "RABBITMQ_DEFAULT_PASS", "MINIO_SECRET_KEY"}, values: anyValue},
	{name: "field-words", names: []string{"credentials", "credential", "dsn", "otp", "totp secret", "apikey", "salt", "jwt", "bearer", "auth", "authorization", "connection string", "user credentials", "password salt", "csrf token", "XSRF-TOKEN", "mysql_pwd", "private key pem"}, values: []string{"«{A24}»", "«{h32}»", "«{b32}»", "«{u43}»"}},
	{name: "field-hard-value", names: []string{"password", "db password", "secret", "passphrase"}, values: []string{"«{pwhard}»"}},
	{name: "field-number", names: []string{"pin", "otp", "passcode", "password", "user pin", "totp"}, values: []string{"«{pin}»"}, literal: true},
	{name: "field-brackets", exotic: true, names: []string{"config[db][password]", "user.password[0]", "$.auth.token", "headers['x-api-key']", "settings/db/password", "db:password", "spring.datasource.password", "servers[1].secret"}, values: anyValue},
	{name: "field-look-alike-letters", exotic: true, names: []string{"раssword", "pаsswоrd", "ｐａｓｓｗｏｒｄ", "ｔｏｋｅｎ", "sеcrеt", "аpi_key", "tоken"}, values: anyValue},
	{name: "field-zero-width", exotic: true, names: []string{"pass\u200bword", "\ufeffpassword", "to\u200dken", "sec\u2060ret", "api\u200b_key", "pass\u00adword"}, values: anyValue},
}

// shapedFields are secrets in structures: pairs, maps, arrays.
var shapedFields = []kind{
	{name: "pair", members: []string{
		`"env":[{"name":"DB_PASSWORD","value":"«{pw}»"},{"name":"LOG_LEVEL","value":"debug"}]`, `"attributes":[{"key":"auth.token","value":{"stringValue":"«{u32}»"}}]`, `"tags":[{"value":"«{A32}»","key":"apiKey"}]`,
		`"fields":[{"field":"password","type":"text","value":"«{pw}»"}]`, `"parameter":{"value":"«{A24}»","name":"client_secret"}`, `"Parameters":[{"ParameterKey":"DbPassword","ParameterValue":"«{pw}»"}]`, `"env":[{"Name":"API_TOKEN","Value":"«{A32}»"}]`, `"Tags":[{"Key":"ApiToken","Value":"«{A32}»"}]`, `"item":{"password":{"S":"«{pw}»"}}`}},
	{name: "array-value", members: []string{`"passwords":["«{pw}»","«{pw}»"]`, `"apiKeys":["«{A32}»","«{A32}»"]`, `"tokens":[["«{u32}»"],["«{u32}»"]]`, `"secrets":["«{A24}»"]`, `"backup_otp":["«{d8}»","«{d8}»"]`}},
	{name: "object-value", members: []string{
		`"credentials":{"user":"{user}","value":"«{pw}»"}`, `"secret":{"current":"«{A24}»","previous":"«{A24}»"}`, `"tokens":{"alice":"«{u32}»","bob":"«{u32}»"}`, `"password":{"iv":"{h32}","plain":"«{pw}»"}`, `"auth":{"username":"{user}","value":"«{pw}»"}`, `"apiKey":{"0":{"v":"«{A32}»"}}`}},
	{name: "duplicate-names", members: []string{`"password":"«{pw}»","password":"«{pw}»"`, `"token":null,"token":"«{u32}»"`, `"secret":"","secret":["«{A24}»"]`}},
	{name: "deep", members: []string{`"a":{"b":[{"c":{"d":[[{"e":{"password":"«{pw}»"}}]]}}]}`, `"x":[[[[[[[{"token":"«{u32}»"}]]]]]]]`, `"l":{"l":{"l":{"l":{"l":{"l":{"l":{"secret":"«{A24}»"}}}}}}}`}},
	{name: "unicode-escaped-name", members: []string{`"pass\u0077ord":"«{pw}»"`, `"\u0074\u006f\u006b\u0065\u006e":"«{u32}»"`, `"api\u004bey":"«{A32}»"`, `"secre\u0074":"«{A24}»"`, `"p\u0061sswd":"«{pw}»"`}},
}

// people are what identifies people.
var people = []kind{
	{name: "e-mail", form: []string{"«{first}.{last}»@{mailhost}", "«{first}{n}»@{mailhost}", "«{first}_{last}»@{mailhost}", "mailto:«{first}.{last}»@{mailhost}"}, names: []string{"contact", "owner", "createdBy", "user"}, values: []string{"«{first}.{last}»@{mailhost}"}},
	{name: "e-mail-odd", form: []string{"«{first}+{word}»@{mailhost}", "«{first}.{last}»@müller-rennsport.de", "«{first}»@xn--mller-kva.example", "«{first}.{last}»%40{mailhost}", "{first} <«{first}.{last}»@{mailhost}>", "{first}.o'«{last}»@{mailhost}", "«{first}»@sub.{word}.{mailhost}", "«{first}-{last}»@{mailhost}.", "«{first}.{last}+rig{n}»@{mailhost}"}},
	{name: "e-mail-field", names: []string{"email", "e-mail", "user email", "mail address", "contact email", "emailAddress"}, values: []string{"«{first}.{last}»@{mailhost}", "«{first}.{last}»", "«{last}.{first}» at {mailhost}"}},
	{name: "public-ipv4", form: []string{"«{public4}»", "«{public4}»:{port}", "client «{public4}» port {port}", "http://«{public4}»:8080/health", "::ffff:«{public4}»", "from «{public4}», 10.0.0.3", "«{public4}»/32", "ip=«{public4}»", "peer=«{public4}»:443"}, names: []string{"remoteAddress", "client ip", "addr", "peer", "x-forwarded-for"}, values: []string{"«{public4}»", "::ffff:«{public4}»", "«{public4}», 10.0.0.3"}},
	{name: "public-ipv6", form: []string{"«{public6}»", "[«{public6}»]:{port}", "«{public6long}»", "«{public6}»/64", "http://[«{public6}»]/x", "peer=«{public6long}»"}, names: []string{"remoteAddress", "client ip", "addr"}, values: []string{"«{public6}»", "[«{public6long}»]:443"}},
	{name: "mac", form: []string{"«{mac}»", "«{macdash}»", "«{macdots}»", "ether «{mac}» txqueuelen 1000", "hwaddr=«{mac}»"}, names: []string{"mac", "hwAddr", "macAddress"}, values: []string{"«{mac}»", "«{macdash}»"}},
	{name: "card", form: []string{"«{card}»", "«{cardblank}»", "«{carddash}»", "card «{card}» declined", "pan=«{card}»"}, names: []string{"card number", "pan", "value", "number"}, values: []string{"«{card}»", "«{cardblank}»"}},
	{name: "phone", names: []string{"phone", "phone number", "mobile", "telephone", "contact phone", "mobile number"}, values: []string{"«+49 151 {d8}»", "«(555) {d3}-{d4}»", "«+1-202-555-{d4}»", "«0{d3} {d7}»", "«+44{d10}»"}},
	{name: "home-folder", form: []string{"/home/«{first}{last}»/relay/logs/out.log", "C:\\Users\\«{first}.{last}»\\AppData\\relay.ini", "/Users/«{first}{last}»/Library/Logs/relay.log", "file:///home/«{first}-{last}»/x.json", "open /home/«{first}.{last}»/.ssh/config: no such file", "/home/«{first}{last}»/go/src/relay/main.go:42", "C:/Users/«{first}{last}»/relay"}, names: []string{"cwd", "logFile", "HOME"}, values: []string{"/home/«{first}{last}»/relay", "/Users/«{first}{last}»"}},
}
