package corpus

// commands are secrets on command lines and in what shells and servers echo.
var commands = []kind{
	{name: "flag-long", phrase: []string{"relay --api-key «{A32}» --port 3001", "deploy --password=«{pw}» --host {host}", "tool --token «{u32}»", "run --client-secret=«{A32}» --verbose", "vault login -token=«{u24}»", "helm registry login -u {user} --password «{pw}» {host}",
		"java -Djavax.net.ssl.keyStorePassword=«{pw}» -jar relay.jar", "app --db.password «{pw}»", "migrate --auth-token '«{A40}»'", "start /secret:«{A20}»", `["--admin-password","«{pw}»"]`, "./relayd -secret-key=«{h32}» -v", "mongo --username {user} --password «{pw}»", "kubeadm join 10.0.0.4:6443 --token «{a6}.{a16}» --discovery-token-ca-cert-hash sha256:{h64}"}},
	{name: "flag-short", phrase: []string{"mysql -h {host} -u {user} -p«{pw}» {db}", "mysqldump -u{user} -p«{pw}» {db}", "sshpass -p «{pw}» ssh {user}@{host}", "docker login -u {user} -p «{pw}» registry.example.com", "sqlcmd -S {host} -U sa -P «{pw}»", "redis-cli -h {host} -a «{pw}» ping",
		"mosquitto_pub -h {host} -u {user} -P «{pw}» -t a", "ldapsearch -D cn=admin -w «{pw}» -b dc=x", "mongosh -u {user} -p «{pw}» {host}/{db}", "zip -P «{pw}» out.zip a", "psql 'host={host} user={user} password=«{pw}»'"}},
	{name: "env-prefix", phrase: []string{"PGPASSWORD=«{pw}» psql -h {host} -U {user} {db}", "export DB_PASSWORD='«{pw}»'", "MYSQL_PWD=«{pw}» mysql -u {user}", "env API_TOKEN=«{A32}» node index.js", "set SECRET_KEY=«{h40}»", "export AWS_SECRET_ACCESS_KEY=«{b40}»", "REDISCLI_AUTH=«{pw}» redis-cli",
		"$env:API_KEY = \"«{A32}»\"", "setenv JWT_SECRET «{h64}»", "docker run -e POSTGRES_PASSWORD=«{pw}» postgres:16", "GITHUB_TOKEN=«{h40}» make", "declare -x SESSION_SECRET=\"«{A32}»\"", "ENV DB_PASS=«{pw}»"}},
	{name: "tool-files", phrase: []string{"machine {site} login {user} password «{pw}»", "openssl rsa -in a.pem -passin pass:«{pw}»", "requirepass «{pw}»", "CONFIG SET requirepass «{pw}»", "AUTH default «{pw}»", "masterauth «{pw}»", "auth_pass «{pw}»",
		"htpasswd -b users {user} «{pw}»", "smbclient -U {user}%«{pw}» //srv/x", "{ms}.123 [0 10.0.0.7:51422] \"AUTH\" \"«{pw}»\"", "[Interface]\nPrivateKey = «{b43}=»\nListenPort = 51820", "PresharedKey = «{b43}=»"}},
	{name: "sql-literal", phrase: []string{
		"CREATE USER {user} WITH PASSWORD '«{pw}»'", "ALTER ROLE {user} PASSWORD '«{pw}»'", "CREATE USER '{user}'@'%' IDENTIFIED BY '«{pw}»'", "SET PASSWORD FOR {user} = PASSWORD('«{pw}»')", "INSERT INTO users (name, password) VALUES ('{user}', '«{pw}»')",
		"UPDATE users SET api_token = '«{A40}»' WHERE id = 7", "SELECT * FROM users WHERE token = '«{h40}»' LIMIT 1", "INSERT INTO `accounts` (`id`,`password`,`role`) VALUES (7,'«{pw}»','admin')", "ALTER USER '{user}' IDENTIFIED WITH mysql_native_password BY '«{pw}»'",
		"CREATE LOGIN {user} WITH PASSWORD = N'«{pw}»'", "UPDATE accounts SET password='«{pw}»', active=1"}},
	{name: "stack-arguments", phrase: []string{
		`at login(user="{user}", password="«{pw}»") (/srv/app/auth.js:12:3)`, "connect(host='{host}', password='«{pw}»')", `auth.Login({Username:"{user}", Password:"«{pw}»"})`, "Client.new(api_key: '«{A32}»', timeout: 5)", `Store.open(dsn=..., secret="«{A24}»")`,
		"java.sql.SQLException: Access denied (url=jdbc:mysql://{host}/x, user={user}, password=«{pw}»)", "TypeError: bad login({ user: '{user}', password: '«{pw}»' })", "create_client(token=\"«{u32}»\", retries=3)"}},
}

// texts are secrets in prose, code and broken markup.
var texts = []kind{
	{name: "prose-password", phrase: []string{"the password is «{pw}»", "Password: «{pw}»", "password for {user} is \"«{pw}»\"", "your new passphrase: «{pw}»", "login with pwd «{pw}» failed", "initial admin password is: «{pw}»", "api key is «{A32}»", "secret was «{A24}»", "Generated root password: «{pw}»", "temporary password '«{pw}»' for {user}"}},
	{name: "prose-assignment", phrase: []string{"login failed: user={user} password=«{pw}»", "pass=«{pw}» host={host}", "token: «{u32}», expires soon", "using api_key=«{A32}» (from env)", "secret=«{A20}»&x=1", "apiKey='«{A32}»'", "auth_token => «{h40}»", "passwd:«{pw}»", "credentials={user}:«{pw}»", "access-token=«{A32}»;", "otp=«{pin}»", "client_secret:«{A32}»"}},
	{name: "prose-json", phrase: []string{`body {"user":"{user}","password":"«{pw}»"} rejected`, `got {'token': '«{u32}»'} from peer`, `{"auth":{"secret":"«{A24}»"}}`, `payload={"apiKey":"«{A32}»","v":1}`, `unexpected token } in {"passwd":"«{pw}»"}}`, `{\"password\":\"«{pw}»\"}`, `{password: "«{pw}»", retry: 3}`, `{"access_token": "«{A40}»`}},
	{name: "go-print", phrase: []string{"&{User:{user} Password:«{A14}» Port:5432}", "map[password:«{A14}» user:{user}]", `{User:"{user}", Token:"«{u32}»"}`, "config.DB{Host:\"{host}\", Password:\"«{pw}»\"}", "map[string]string{\"secret\":\"«{A24}»\"}", "{{user} map[api_key:[«{A32}»]]}", "http.Header{\"Authorization\":[]string{\"Bearer «{u40}»\"}}"}},
	{name: "next-line", phrase: []string{"password:\n  «{pw}»", "Password:\n«{pw}»\n", "api_key: >-\n  «{A32}»", "token =\n    «{u32}»", "secret: |\n  «{A24}»\n", "Enter password: \n«{pw}»"}},
	{name: "entities", phrase: []string{"password=&quot;«{pw}»&quot;", "&lt;password&gt;«{pw}»&lt;/password&gt;", "{&quot;token&quot;:&quot;«{u32}»&quot;}", "&#34;secret&#34;: &#34;«{A24}»&#34;", "api_key=&#x27;«{A32}»&#x27;", "?user=a&amp;password=«{pw}»&amp;x=1"}},
	{name: "markup", phrase: []string{"<password>«{pw}»</password>", `<add key="ApiKey" value="«{A32}»" />`, `<input type="password" name="password" value="«{pw}»">`, `<property name="hibernate.connection.password">«{pw}»</property>`, "<wsse:Password Type=\"x\">«{pw}»</wsse:Password>", `<user name="{user}" password="«{pw}»"/>`, "<client-secret>«{A32}»</client-secret>"}},
	{name: "code-assignment", phrase: []string{`const apiKey = "«{A32}»";`, `password := "«{pw}»"`, "$config['password'] = '«{pw}»';", "define('DB_PASSWORD', '«{pw}»');", `os.environ["API_TOKEN"] = "«{h40}»"`, "process.env.JWT_SECRET = '«{A48}»'", `String password = "«{pw}»";`,
		`if (token === "«{u32}»") {`, "client.setApiKey('«{A32}»')", `password: str = "«{pw}»"`, `val secret: String = "«{A24}»"`, `var accessToken string = "«{u40}»"`, `@secret = "«{A24}»"`, `#define API_KEY "«{A32}»"`}},
	{name: "brackets-and-arrows", phrase: []string{"[password=«{pw}»]", "(password: «{pw}»)", "<token: «{u32}»>", "password -> «{pw}»", "password => '«{pw}»'", "secret → «{A24}»", "api_key: [«{A32}»]", "{token=«{u32}», user={user}}", "password= «{pw}» , host={host}", "| password | «{pw}» |", "api_key==«{A32}»", "Password : «{pw}»", "\tpassword\t= «{pw}»"}},
	{name: "escaped-quotes", phrase: []string{`\"password\":\"«{pw}»\"`, `\\\"secret\\\":\\\"«{A24}»\\\"`, `\u0022token\u0022:\u0022«{u32}»\u0022`, `\x22apiKey\x22:\x22«{A32}»\x22`, `"{\"auth\":{\"password\":\"«{pw}»\"}}"`, `password=\"«{pw}»\"`}},
}
