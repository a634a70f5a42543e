package corpus

// alikes are the look-alikes: what a careless rule takes for a secret and a
// support engineer needs to read. Each is something the policy says stays.
var alikes = append(append(append([]kind{}, namedAlikes...), valueAlikes...), textAlikes...)

// namedAlikes are fields whose names hold a dangerous word, or seem to.
var namedAlikes = []kind{
	{name: "token-counts", literal: true, names: []string{"max_tokens", "maxTokens", "tokenCount", "prompt_tokens_total", "completionTokensCount", "tokens per second", "total tokens", "token count", "cached_tokens_total", "tokenLimit", "token bucket size", "tokens_total", "tokenLength", "token ttl seconds"}, values: []string{"4096", "{n}", "{k}"}},
	{name: "auth-counts", literal: true, names: []string{"totalAuthFails", "auth failures", "auth fail count", "authErrors", "auth errors total", "authFailRate", "login failures total", "password length", "password_min_length", "passwordMaxAge", "secret count", "secrets total", "cookie count", "cookieSizeBytes", "credential errors", "api key count", "apiKeysActive", "keysTotal", "secretVersion"}, values: []string{"{n}", "{k}", "0", "3"}},
	{name: "auth-switches", literal: true, names: []string{"authEnabled", "auth required", "passwordRequired", "tokenValid", "token enabled", "cookie enabled", "secretsEnabled", "api key valid", "authActive", "jwt enabled", "bearerEnabled", "password valid"}, values: []string{"true", "false"}},
	{name: "null-measures", literal: true, names: []string{"totalAuthFails", "tokenCount", "auth failures", "tokenAge"}, values: []string{"null"}},
	{name: "expiry", literal: true, names: []string{"token expires", "tokenExpires", "session ttl", "tokenTtl", "cookie age", "passwordAge", "tokenAgeMs", "auth ms", "authSeconds"}, values: []string{"3600", "{ms}", "86400"}},
	{name: "harmless-keys", names: []string{"primary key", "foreign key", "partition key", "cache key", "sort key", "routing key", "row key", "publicKey", "cacheKey", "partitionKey", "primaryKey", "routingKey"}, values: []string{"{db}:{word}:{n}", "{word}_{word}", "lap_id", "events.{word}.{n}", "{word}"}},
	{name: "inner-words", names: []string{"monkey", "keyboard", "author", "authority", "tokenizer", "compass", "bypass", "secretary", "keynote", "turkey", "hockey", "passenger", "passive", "compassion", "authored", "keystroke", "keyframe", "tokenizerModel", "keyboard layout", "monkey patch", "author name", "passthrough", "encompass", "trespass", "cookiecutter", "donkey", "jockey", "whiskey", "spinnaker", "opinion", "shipping", "pinned", "mapping", "lapins"},
		values: []string{"{word}", "{word} {word}", "{word}-{word}", "{word}{n}", "de-latin1", "{iso}", "{ver}"}},
	{name: "key-values", names: []string{"keyframeInterval", "keepalive", "keyspace", "hotkey"}, values: []string{"{n}", "{word}", "{word}_{word}"}},
	{name: "relay-statistics", literal: true, names: []string{"totalConnects", "totalDisconnects", "ingestRate", "totalFrames", "framesIn", "heapUsed", "lagMs", "evicted", "uptime", "activeSessions", "outOfOrder", "droppedFrames", "rssBytes", "openFds", "port"}, values: []string{"{n}", "{k}", "{n}.{n}", "0"}},
	{name: "numbers", literal: true, names: []string{"value", "offset", "seq", "bytes", "orderNumber", "batch", "counter"}, values: []string{"1e-7", "12345678901234567890", "{noluhn}", "-0.0001", "{ms}000", "1.7976931348623157e308", "4.{d14}", "1{d299}"}},
	{name: "modes", names: []string{"environment", "logLevel", "nodeEnv", "role", "surface", "transport", "status", "type", "reason", "state", "phase"}, values: []string{"production", "debug", "dashboard", "racebox", "websocket", "auth_fail", "token_expired", "ping timeout", "transport close", "invalid_token", "key_not_found", "secret_missing", "password_expired", "unauthorized"}},
	{name: "times", names: []string{"startedAt", "at", "lastSeen", "created", "expiresAt", "timestamp"}, values: []string{"{iso}", "2026-11-24 09:07:12.123+01:00", "Tue, 24 Nov 2026 09:07:12 GMT", "09:07:12.123456", "2026-W48-2", "P3DT4H", "1h2m3.5s"}},
}
