package corpus

// textAlikes are sentences and lines that name a credential and hold none.
var textAlikes = []kind{
	{name: "prose-token", phrase: []string{
		"unexpected token } in JSON at position {k}", "token bucket refilled, {n} left", "the token is expired", "invalid token", "token has been revoked", "SyntaxError: Unexpected token '<', \"<!DOCTYPE\" is not valid JSON", "CSRF token mismatch",
		"missing token in request", "no token provided", "tokenizer loaded in {n}ms", "used {k} tokens of {k}", "token refresh failed: timeout", "refreshing token for upstream", "token verification took {n}ms"}},
	{name: "prose-password", phrase: []string{
		"password is required", "password is too short", "password changed successfully", "wrong password", "password authentication failed for user", "the password must have at least 12 characters", "forgot password page opened", "password reset requested",
		"password does not match", "pass 2 of 3 complete", "compass heading 270", "bypass enabled for lane 3", "passing lap {n}", "first pass took {n}ms", "no password supplied", "--- PASS: TestDial (0.0{n}s)"}},
	{name: "prose-key", phrase: []string{
		"duplicate key value violates unique constraint \"lap_pkey\"", "PRIMARY KEY (id)", "key not found: {word}", "cannot read properties of undefined (reading 'key')", "press any key to continue", "FOREIGN KEY (session) REFERENCES laps(id)", "KeyError: '{word}'",
		"the key is missing", "hot key detected in shard {n}", "key frame every {n} frames", "unique key violation on table laps", "keyspace hits {k} misses {n}", "monkey patched in test", "key exchange X25519 done", "SSL key usage: digitalSignature", "cache key computed in {n}us", "index key size {n} exceeds 767"}},
	{name: "prose-secret", phrase: []string{
		"secret not found", "secretary changed the schedule", "the secret is missing", "secret rotation is due", "unable to mount secret volume", "MountVolume.SetUp failed: references non-existent secret", "no secrets configured", "secrets loaded: {n}", "secret scanning finished, 0 findings"}},
	{name: "prose-auth", phrase: []string{
		"authorization header missing", "bearer authentication required", "basic auth is disabled", "auth failed after {n} attempts", "authority localhost:8080", "unauthorized", "401 Unauthorized: authentication required", "WWW-Authenticate: Bearer realm=\"relay\"", "auth latency {n}ms",
		"cookie expired", "cookies are disabled", "credentials are missing", "credential helper not configured", "session ended by driver", "author: Grace Hopper", "no pg_hba.conf entry for host", "basic statistics of lap {n}", "WWW-Authenticate: Basic realm=\"ops\"", "login succeeded in {n}ms", "bearer of bad news", "digest mismatch, retrying"}},
	{name: "database-errors", phrase: []string{
		"ERROR: relation \"laps\" does not exist at character {n}", "deadlock detected", "SELECT count(*) FROM tokens", "SELECT id, name FROM users WHERE active = true", "UPDATE laps SET valid = false WHERE id = {n}", "connect ECONNREFUSED 10.0.0.7:5432", "SQLSTATE 23505", "remaining connection slots are reserved", "CREATE INDEX idx_token_created ON events (created)", "canceling statement due to statement timeout", "INSERT INTO laps (id, driver) VALUES ({n}, {n})"}},
	{name: "network-errors", phrase: []string{
		"dial tcp: lookup relay.internal: no such host", "read ECONNRESET", "x509: certificate signed by unknown authority", "tls: failed to verify certificate", "socket hang up", "upstream timed out (110: Connection timed out)", "getaddrinfo ENOTFOUND db.internal", "client 10.0.0.{n} disconnected: ping timeout", "http: TLS handshake error from 10.2.{n}.{n}:{port}: EOF", "context deadline exceeded", "CERT_HAS_EXPIRED"}},
	{name: "stack-frames", phrase: []string{
		"at TokenService.verify (/srv/app/dist/auth/token.js:{n}:{n})", "at Object.<anonymous> (/srv/app/dist/secret-store.js:{n}:{n})", "at process.processTicksAndRejections (node:internal/process/task_queues:95:5)", "at com.example.auth.PasswordEncoder.matches(PasswordEncoder.java:{n})",
		"File \"/srv/app/keys.py\", line {n}, in load", "github.com/example/relay/auth.(*Keyring).Get(0xc000{h6})", "goroutine {n} [select]:", "main.authorize({0xc000{h6}, 0x1f})"}},
	{name: "settings-lines", phrase: []string{
		"--max-tokens 4096", "--tokenizer cl100k_base", "--keyboard-layout de", "--no-auth --port 3001", "--port 3001 --log-level debug", "-p 8080:80", "ssh -p 2222 relay-0", "docker run -p 3001:3001 relay:2", "mkdir -p /var/lib/relay", "TOKEN_TTL=3600", "PASSWORD_MIN_LENGTH=12", "MAX_TOKENS=4096", "KEYBOARD_LAYOUT=us", "AUTH_ENABLED=true", "tail -n 100 -f relay.log", "kubectl get secrets -n relay", "curl -sS https://{site}/health", "npm run tokenizer -- --watch", "redis-cli ping", "git log --author=grace"}},
	{name: "metrics-lines", phrase: []string{
		"relay_auth_failures_total{reason=\"expired\"} {n}", "relay_tokens_issued_total {k}", "http_requests_total{code=\"401\",method=\"get\"} {n}", "number of tokens issued since start", "go_gc_duration_seconds{quantile=\"0.5\"} 0.000{d4}", "nodejs_eventloop_lag_seconds 0.00{d3}", "process_start_time_seconds 1.7356548e+09"}},
	{name: "events-of-the-relay", phrase: []string{
		"driver joined surface racebox", "frame batch {k} acked", "clock drift {n}ms", "buffer evicted {n} events", "role dashboard connected", "rb-{d4} auth_fail expired", "drop rate {n}.{n}% over limit", "lap {n} 1:2{d1}.{d3}", "room dashboard:public", "fuel 12.4 l, temp 88.2 C", "sector times 28.{d3} 31.{d3} 25.{d3}"}},
}
