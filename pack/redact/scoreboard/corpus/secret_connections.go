package corpus

// connections are the strings that databases, queues and servers are reached with.
var connections = []kind{
	{name: "url-database", form: []string{
		"postgres://{user}:«{pw}»@{host}:5432/{db}?sslmode=disable", "postgresql://{user}:«{pw}»@{host}/{db}", "mysql://{user}:«{pw}»@{host}:3306/{db}", "mariadb://{user}:«{pw}»@{host}/{db}",
		"sqlserver://sa:«{pw}»@{host}:1433?database={db}", "clickhouse://{user}:«{pw}»@{host}:9000/{db}", "cockroachdb://{user}:«{pw}»@{host}:26257/{db}", "couchbase://{user}:«{pw}»@{host}",
		"postgresql+asyncpg://{user}:«{pw}»@{host}/{db}", "neo4j+s://neo4j:«{pw}»@{host}:7687", "influxdb://{user}:«{pw}»@{host}:8086/{db}"},
		names: []string{"DATABASE_URL", "databaseUrl", "url", "PG_URI", "target"}, values: []string{"postgres://{user}:«{pw}»@{host}:5432/{db}", "mysql2://{user}:«{pw}»@{host}/{db}"}},
	{name: "url-queue", form: []string{
		"amqp://{user}:«{pw}»@{host}:5672/%2f", "amqps://{user}:«{pw}»@{host}", "nats://{user}:«{pw}»@{host}:4222", "nats://«{A40}»@{host}:4222", "mqtt://{user}:«{pw}»@{host}:1883", "mqtts://{user}:«{pw}»@{host}",
		"rediss://default:«{pw}»@{host}:6379/0", "kafka://{user}:«{pw}»@{host}:9092", "stomp://{user}:«{pw}»@{host}:61613"}},
	{name: "url-server", form: []string{
		"https://{user}:«{pw}»@{site}/v1/frames", "http://{user}:«{pw}»@{host}:9200", "ftp://{user}:«{pw}»@{host}/in", "sftp://{user}:«{pw}»@{host}:22/", "ldap://cn=admin:«{pw}»@{host}:389", "ldaps://{user}:«{pw}»@{host}",
		"smtp://{user}:«{pw}»@{host}:587", "smtps://{user}:«{pw}»@{host}", "socks5://{user}:«{pw}»@{host}:1080", "wss://{user}:«{pw}»@{site}/socket", "ssh://{user}:«{pw}»@{host}", "imaps://{user}:«{pw}»@{host}",
		"git+https://{user}:«{pw}»@git.example.org/relay.git", "s3://«{A20}»:«{A40}»@{host}/bucket", "rtsp://{user}:«{pw}»@{host}:554/stream1", "proxy http://{user}:«{pw}»@{host}:3128"}},
	{name: "url-empty-user", form: []string{"redis://:«{pw}»@{host}:6379/1", "rediss://:«{pw}»@{host}", "amqp://:«{pw}»@{host}", "mongodb://:«{pw}»@{host}/{db}"}},
	{name: "url-hosts", form: []string{
		"mongodb://{user}:«{pw}»@mongo-0:27017,mongo-1:27017,mongo-2:27017/{db}?replicaSet=rs0", "mongodb+srv://{user}:«{pw}»@cluster0.example.mongodb.net/{db}",
		"postgres://{user}:«{pw}»@pg-0:5432,pg-1:5432/{db}?target_session_attrs=any", "amqp://{user}:«{pw}»@mq-0:5672,{user}:«{pw}»@mq-1:5672", "redis-sentinel://:«{pw}»@s-0:26379,s-1:26379/mymaster"}},
	{name: "url-odd-password", form: []string{"postgres://{user}:«{pwat}»@{host}:5432/{db}", "mysql://{user}:«{pwpct}»@{host}/{db}", "amqp://{user}:«{pwpct}»@{host}:5672", "redis://default:«{pwat}»@{host}:6379", "mongodb://{user}:«{pwpct}»@{host}:27017/?authSource=admin"}},
	{name: "dsn-tcp", form: []string{"{user}:«{pw}»@tcp({host}:3306)/{db}?parseTime=true", "{user}:«{pwat}»@tcp(10.0.3.4:3306)/{db}", "{user}:«{pw}»@unix(/run/mysqld.sock)/{db}", "root:«{pw}»@/{db}?charset=utf8mb4"}},
	{name: "dsn-libpq", form: []string{"host={host} port=5432 user={user} password=«{pw}» dbname={db} sslmode=disable", "dbname={db} user={user} password='«{pw}»' host={host}", "user={user} password = «{pw}» host={host}"}},
	{name: "dsn-ado", form: []string{
		"Server={host},1433;Database={db};User Id={user};Password=«{pw}»;Encrypt=true;", "Data Source={host};Initial Catalog={db};User ID={user};Pwd=«{pw}»", "Server=tcp:{host};Uid={user};Pwd=«{pw}»;Connection Timeout=30;",
		"Host={host};Username={user};Password=«{pw}»;Database={db}", "Driver={ODBC Driver 18 for SQL Server};Server={host};UID={user};PWD=«{pw}»;"}},
	{name: "dsn-jdbc", form: []string{
		"jdbc:postgresql://{host}:5432/{db}?user={user}&password=«{pw}»&ssl=true", "jdbc:mysql://{user}:«{pw}»@{host}:3306/{db}", "jdbc:sqlserver://{host}:1433;databaseName={db};user={user};password=«{pw}»;encrypt=true",
		"jdbc:oracle:thin:scott/«{pw}»@//{host}:1521/ORCL", "jdbc:redshift://{host}:5439/{db}?user={user}&password=«{pw}»", "jdbc:mariadb://{host}/{db}?user={user}&password=«{pw}»"}},
	{name: "azure-account", form: []string{
		"DefaultEndpointsProtocol=https;AccountName=relaystore;AccountKey=«{b64}»;EndpointSuffix=core.windows.net", "Endpoint=sb://relay.servicebus.windows.net/;SharedAccessKeyName=RootManage;SharedAccessKey=«{b32}»",
		"HostName=hub.azure-devices.net;DeviceId=rig-4;SharedAccessKey=«{b32}»", "AccountEndpoint=https://relay.documents.azure.com:443/;AccountKey=«{b64}»;", "Endpoint=https://relay.azconfig.io;Id=a1-l0;Secret=«{b32}»",
		"BlobEndpoint=https://x.blob.core.windows.net/;SharedAccessSignature=sv=2022-11-02&ss=b&sig=«{b32pct}»"}},
}

// urls are credentials in the other parts of a URL.
var urls = []kind{
	{name: "url-query", form: []string{
		"https://{site}/v1/me?access_token=«{A40}»&page=2", "wss://{site}/socket?token=«{u32}»", "https://{site}/hook?api_key=«{h32}»", "GET /api/frames?apikey=«{A24}»&limit=50 HTTP/1.1", "https://{site}/dl?file=a.zip&auth=«{u28}»",
		"/socket.io/?EIO=4&transport=websocket&token=«{jwthead}.{jwtbody}»", "https://{site}/login?user={user}&password=«{pw}»", "https://{site}/api?client_secret=«{A32}»&client_id=relay", "/cb?state=x&id_token=«{u60}»", "https://{site}/r?secret=«{A20}»#top", "Error status code 500 : http://{host}/api?api_key=«{h32}»", "https://{site}/v2/series?key=«{h32}»&from=1", "otpauth://totp/relay:{user}?secret=«{t32}»&issuer=relay"}},
	{name: "url-signature", form: []string{
		"https://relaystore.blob.core.windows.net/packs/a.json?sv=2022-11-02&st=2026-01-01&se=2026-12-31&sr=b&sp=r&sig=«{b32pct}»",
		"https://bucket.s3.eu-west-1.amazonaws.com/a.gz?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA«{t16}»%2F{day}%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Expires=900&X-Amz-Signature=«{h64}»",
		"https://storage.googleapis.com/b/o?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Date={day}T000000Z&X-Goog-Signature=«{h128}»",
		"https://d111.cloudfront.net/a?Expires=1735654800&Signature=«{u128}__»&Key-Pair-Id=APKAEXAMPLE"}},
	{name: "url-fragment", form: []string{"https://app.example.com/cb#access_token=«{u60}»&token_type=bearer&expires_in=3600", "https://app.example.com/#/reset?token=«{h40}»", "/login#id_token=«{jwthead}.{jwtbody}»"}},
	{name: "url-params", form: []string{"https://{site}/app/start;token=«{h32}»?x=1", "/api;api_key=«{A28}»/v1", "https://{site}/x;access_token=«{A32}»;v=2"}},
	{name: "url-path", form: []string{"https://{site}/api/token/«{A32}»/frames", "GET /reset-password/token/«{u43}» HTTP/1.1", "https://{site}/v1/secret/«{h32}»", "https://{site}/api-key/«{A32}»/usage", "POST /webhooks/token/«{h40}»"}},
	{name: "url-percent", form: []string{"/login?next=%2Fcb%3Ftoken%3D«{A32}»%26page%3D2", "https://{site}/r?u=https%3A%2F%2Fapp.example.com%2Fcb%3Faccess_token%3D«{h40}»", "next=%2Fapi%3Fapi_key%3D«{A28}»%26v%3D1", "redirect=https%3A%2F%2F{user}%3A«{A16}»%40{site}%2F"}},
	{name: "url-percent-twice", form: []string{"/a?u=https%253A%252F%252Fapp.example.com%252Fcb%253Ftoken%253D«{A32}»", "continue=%252Flogin%253Fpassword%253D«{A14}»%2526x%253D1"}},
	{name: "url-userinfo-token", form: []string{"https://«{h40}»@git.example.org/relay.git", "https://oauth2:«{A26}»@gitlab.example.com/g/p.git", "https://x-access-token:ghs_«{A36}»@github.com/o/r.git", "https://{user}:x-oauth-basic@git.example.org/?access_token=«{h40}»"}},
}
