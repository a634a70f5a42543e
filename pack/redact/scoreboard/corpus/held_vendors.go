package corpus

// heldVendors are credentials with a documented form. All of them go: the
// policy names cloud and vendor keys, wherever they stand.
var heldVendors = []kind{
	// Clouds: Akamai, Yandex (API, IAM, static), Tencent, Alibaba STS, Exoscale, Scaleway, UpCloud, Vercel Blob.
	{name: "cloud-regional", form: []string{"akab-«{a16}-{a16}»", "AQVN«{u36}»", "t1.«{u40}.{u86}»", "YC«{u38}»", "AKID«{A32}»", "STS.N«{A25}»", "EXO«{h24}»", "SCW«{U17}»", "ucat_01«{U24}»", "vercel_blob_rw_«{A16}_{A30}»"},
		names: []string{"OS_APPLICATION_CREDENTIAL_SECRET", "linode_api_token", "SCW_SECRET_KEY", "hetzner api token", "tencentcloud secret key", "aliyun access key secret"}, values: []string{"«{A64}»", "«{h64}»", "«{uuid}»", "«{A30}»"}},
	// Azure keys that carry a published signature: storage, Cosmos, Functions, Search, Redis, registry, CASK, DevOps.
	{name: "azure-identifiable", form: []string{"«{b76}+ASt{b5}A==»", "«{b76}ACDb{b5}Q==»", "«{u44}AzFu{u5}g==»", "«{A42}AzSeB{A5}»", "«{A33}AzCaE{A5}=»", "«{b42}+ACRB{b5}»", "«{A52}JQQJ99BAAC{A16}A{A7}»", "«{A76}AZDO{A4}»"}},
	// Managed databases: Atlas service accounts, CockroachDB Cloud, Neon, Aiven, ClickHouse Cloud, Xata.
	{name: "databases-managed", form: []string{"mdb_sa_sk_«{u40}»", "CCDB1_«{A22}_{A40}»", "napi_«{a64}»", "npg_«{A12}»", "AVNS_«{u19}»", "4b1d«{A38}»", "xau_«{A43}»"}},
	// Observability and flags: Honeycomb, Axiom, Sonar, StackHawk, Elastic Cloud, LaunchDarkly, WakaTime, Checkly.
	{name: "observability", form: []string{"hcaik_«{a58}»", "hcxik_«{a58}»", "xaat-«{uuid}»", "sqp_«{h40}»", "sqa_«{h40}»", "hawk.«{A20}.{A20}»", "essu_«{b80}=»", "sdk-«{uuid}»", "waka_«{uuid}»", "cu_«{h32}»"}},
	// Hosted models: NVIDIA, Together, Fireworks, ElevenLabs, Tavily, Firecrawl, Voyage, Jina, Cerebras, E2B.
	{name: "ai-later", form: []string{"nvapi-«{u64}»", "tgp_v1_«{u43}»", "fw_«{A24}»", "sk_«{h48}»", "tvly-«{A32}»", "fc-«{h32}»", "pa-«{u43}»", "jina_«{h32}{A28}»", "csk-«{a48}»", "e2b_«{h40}»"}},
	// Payment and shops: Plaid, Mollie, Paddle, WooCommerce, Stytch, Checkout.com.
	{name: "payment-later", form: []string{"access-production-«{uuid}»", "access-sandbox-«{uuid}»", "live_«{A30}»", "pdl_live_apikey_01«{a24}_{A22}_{A3}»", "pdl_sdbx_apikey_01«{a24}_{A22}_{A3}»", "ck_«{h40}»", "cs_«{h40}»", "secret-live-«{u40}=»", "sk_sbox_«{a26}»"}},
	// Mail and messages: Brevo SMTP, MailerSend, OneSignal, FCM, Telnyx, Twitch IRC, X app-only bearer.
	{name: "mail-and-push", form: []string{"xsmtpsib-«{h64}-{A16}»", "mlsn.«{h64}»", "os_v2_app_«{a103}»", "AAAA«{u7}:APA91b{u134}»", "KEY01«{H30}_{A22}»", "oauth:«{a30}»", "AAAAAAAAAAAAAAAAAAAAA«{A24}%2B{A48}»"}},
	// Work tools: HubSpot, Trello, Intercom, Dropbox, Zoho, Salesforce, Slack of browsers, Linear.
	{name: "work-tools", form: []string{"pat-na1-«{uuid}»", "pat-eu1-«{uuid}»", "ATTA«{h64}{H8}»", "dG9rO«{b55}=»", "sl.«{u136}»", "1000.«{h32}.{h32}»", "00D{A12}!«AQ{A90}»", "xoxc-«{d12}-{d12}-{d12}-{h64}»", "xoxd-«{A120}%2B{A20}»", "lin_oauth_«{h64}»"}},
	// Building and publishing: NuGet, Packagist, TeamCity, Deno Deploy, Doppler, CircleCI projects, Defined Networking, Tailscale, 42.
	{name: "build-and-publish", form: []string{"oy2«{a43}»", "packagist_uut_«{h68}»", "eyJ0eXAiOiAiVENWMiJ9.«{u36}.{u48}»", "ddp_«{A36}»", "dp.st.prd.«{A43}»", "CCIPRJ_«{A22}_{h40}»", "dnkey-«{u26}-{u52}»", "tskey-api-«{A12}CNTRL-{A32}»", "tskey-client-«{A12}CNTRL-{A32}»", "s-s4t2ud-«{h64}»"}},
	// Keys that only their vendor's name and the word tell apart from a digest.
	{name: "vendor-named", names: []string{"algolia admin api key", "PAGERDUTY_API_TOKEN", "fastly api key", "rollbar access token", "ABLY_API_KEY", "pusher app secret", "livekit api secret", "BACKBLAZE_APPLICATION_KEY_SECRET", "wandb_api_key", "codecov token", "twitch client secret", "MAPBOX_SECRET_TOKEN", "okta api token", "auth0 client secret", "bugsnag api key", "snyk_token"},
		values: []string{"«{h32}»", "«{A20}»", "«{u43}»", "«{A6}.{A6}:{u43}»", "«{h40}»", "«{uuid}»", "«{a30}»"}},
}
