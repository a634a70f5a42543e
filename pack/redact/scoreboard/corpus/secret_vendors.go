package corpus

// vendors are credentials with a documented form, a kind for each vendor that
// many systems use. Only the random part counts as the secret: a prefix that
// stays behind tells nothing.
var vendors = []kind{
	{name: "aws-access-key-id", form: []string{"AKIA«{t16}»", "ASIA«{t16}»"}, names: []string{"AWS_ACCESS_KEY_ID", "accessKeyId", "aws access key"}, values: []string{"AKIA«{t16}»", "ASIA«{t16}»"}},
	{name: "aws-credential", names: []string{"aws_secret_access_key", "SecretAccessKey", "aws session token", "AWS_SESSION_TOKEN", "secretAccessKey"},
		values:  []string{"«{b40}»", "«{b40}»", "IQoJb3JpZ2luX2Vj«{b160}»"},
		members: []string{`"Credentials":{"AccessKeyId":"ASIA«{t16}»","SecretAccessKey":"«{b40}»","SessionToken":"«{b180}=»","Expiration":"{iso}"}`}},
	{name: "azure-ad-client", form: []string{"{A3}8Q~«{A34}»"}, names: []string{"AZURE_CLIENT_SECRET", "client secret"}, values: []string{"{A3}8Q~«{A34}»"}},
	{name: "gcp-api", form: []string{"AIza«{u35}»", "ya29.«{u120}»", "1//0«{u60}»", "GOCSPX-«{u28}»"}, phrase: []string{"https://maps.googleapis.com/maps/api/js?key=AIza«{u35}»&v=3"}},
	{name: "gcp-service-account", members: []string{
		`"type":"service_account","project_id":"relay-{n}","private_key_id":"{h40}","private_key":"-----BEGIN PRIVATE` + ` KEY-----\n«{pemesc}»\n-----END PRIVATE` + ` KEY-----\n","client_id":"{d21}"`}},
	{name: "slack", form: []string{"xoxb-«{d12}-{d13}-{A24}»", "xoxp-«{d12}-{d12}-{d12}-{h32}»", "xapp-1-«A{U10}-{d13}-{h64}»", "xoxe.xoxp-1-«{A140}»", "xoxa-2-«{d12}-{d12}-{A30}»", "xoxb-«{d11}-{A24}»", "xoxe-1-«{U146}»", "xoxs-«{d11}-{d11}-{d11}-{h10}»"}},
	{name: "slack-webhook", form: []string{"https://hooks.slack.com/services/T{U8}/B{U10}/«{A24}»", "https://hooks.slack.com/workflows/T{U8}/A{U10}/{d18}/«{A24}»", "https://hooks.slack.com/triggers/T{U8}/{d13}/«{h32}»", "https://example.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/«{h32}»/{uuid}"}},
	{name: "github", form: []string{"ghp_«{A36}»", "gho_«{A36}»", "ghs_«{A36}»", "ghu_«{A36}»", "ghr_«{A76}»", "github_pat_«{A22}_{A59}»"}},
	{name: "gitlab", form: []string{"glpat-«{u20}»", "gldt-«{u20}»", "glrt-«{u20}»", "glptt-«{h40}»", "glcbt-{h2}_«{u20}»", "gloas-«{h64}»", "glsoat-«{u20}»", "glft-«{u20}»", "glimt-«{u25}»", "glagent-«{u50}»", "GR1348941«{u20}»", "glpat-«{u27}.01.{a9}»"}},
	{name: "stripe", form: []string{"sk_live_«{A24}»", "sk_test_«{A99}»", "sk_test_«{A12}»", "rk_test_«{A24}»", "rk_live_«{A24-99}»", "whsec_«{A32}»"}},
	{name: "npm", form: []string{"npm_«{A36}»"}, phrase: []string{"//npm.example.org/:_authToken=«{uuid}»", "//npm.example.com/:_authToken=npm_«{A36}»", "//npm.example.com/:_password=\"«{b32}»\""}},
	{name: "pypi", form: []string{"pypi-AgEIcHlwaS5vcmc«{u140}»", "pypi-AgENdGVzdC5weXBpLm9yZw«{u120}»"}},
	{name: "openai", form: []string{"sk-«{A20}T3BlbkFJ{A20}»", "sk-proj-«{u74}T3BlbkFJ{u74}»", "sk-svcacct-«{u58}T3BlbkFJ{u58}»", "sk-admin-«{u58}T3BlbkFJ{u58}»", "sk-«{A48}»"}},
	{name: "anthropic", form: []string{"sk-ant-api03-«{u93}AA»", "sk-ant-admin01-«{u93}AA»", "sk-ant-oat01-«{u80}»"}},
	{name: "sendgrid", form: []string{"SG.«{u22}.{u43}»"}},
	{name: "twilio", form: []string{"SK«{h32}»"}, names: []string{"TWILIO_AUTH_TOKEN", "twilio auth token"}, values: []string{"«{h32}»"}},
	{name: "vault", form: []string{"hvs.«{u24}»", "hvs.CAESI«{u90}»", "hvb.«{u140}»", "hvr.«{u92}»"}, names: []string{"VAULT_TOKEN", "X-Vault-Token"}, values: []string{"s.«{A24}»", "hvs.«{u24}»"}},
	{name: "age", form: []string{"AGE-SECRET-KEY-1«{z58}»"}},
	{name: "telegram", form: []string{"«{d10}:AA{u33}»", "https://api.telegram.org/bot«{d10}:AA{u33}»/sendMessage"}},
	{name: "discord", form: []string{"«M{A23}.{u6}.{u27}»", "«OT{A24}.{u6}.{u38}»", "https://discord.com/api/webhooks/{d18}/«{u68}»"}},
	{name: "datadog", names: []string{"DD_API_KEY", "DD-API-KEY", "datadog api key", "dd_app_key"}, values: []string{"«{h32}»", "«{h40}»"}},
	{name: "new-relic", form: []string{"NRAK-«{U27}»", "«eu01xx{h30}»FFFFNRAL", "NRII-«{A32}»", "NRJS-«{h19}»"}, names: []string{"NEW_RELIC_LICENSE_KEY"}, values: []string{"«{h36}NRAL»"}},
	{name: "grafana", form: []string{"glsa_«{A32}_{h8}»", "glc_eyJ«{b100}»", "eyJrIjoi«{A90}»"}},
	{name: "docker", form: []string{"dckr_pat_«{u27}»", "dckr_oat_«{u32}»"}, members: []string{`"auths":{"registry.example.com":{"auth":"«{userpw}»"}}`}},
	{name: "hugging-face", form: []string{"hf_«{l17}{A17}»", "api_org_«{l34}»"}},
	{name: "digitalocean", form: []string{"dop_v1_«{h64}»", "doo_v1_«{h64}»", "dor_v1_«{h64}»"}},
	{name: "shopify", form: []string{"shpat_«{h32}»", "shpss_«{h32}»", "shpca_«{H32}»", "shppa_«{h32}»"}},
	{name: "mailgun", form: []string{"key-«{h32}»"}, names: []string{"MAILGUN_API_KEY", "mailgun api key"}, values: []string{"«{h32}-{h8}-{h8}»"}, phrase: []string{"curl -s --user 'api:key-«{h32}»' https://api.mailgun.net/v3/mg.example.com/messages"}},
	{name: "sentry", form: []string{"https://«{h32}»@o{d6}.ingest.sentry.io/{d7}", "https://«{h32}»:«{h32}»@sentry.example.com/4", "sntrys_eyJ«{b120}»_«{b43}»", "sntryu_«{h64}»"}},
}

// services are further vendors, gathered by field, a kind for each field: one
// of many, so that no kind stands for a single rule.
var services = []kind{
	{name: "code-hosting", form: []string{"ATBB«{A32}»", "ATATT3xFfGF0«{u170}»", "rubygems_«{h48}»", "CLOJARS_«{a60}»", "lin_api_«{A40}»", "figd_«{A20-40}»", "sgp_«{h40}»", "cio«{A32}»", "PMAK-«{h24}-{h34}»", "sm_pat_«{A16}»", "A3-{U6}-«{U11}-{U5}-{U5}-{U5}»"}},
	{name: "deployment", form: []string{"HRKU-AA«{u58}»", "nfp_«{A36}»", "fo1_«{u43}»", "FlyV1 fm2_«{b120}»", "rnd_«{A28}»", "pat.{u22}.«{A24}.{A20}»", "ico-«{A32}»", "bkua_«{h40}»", "CCIPAT_«{A22}_{h40}»", "{A14}.atlasv1.«{A67}»", "pul-«{h40}»", "dp.pt.«{A43}»", "ops_eyJ«{b250}»", "tskey-auth-«{A12}CNTRL-{A32}»", "sha256~«{u43}»", "SWMTKN-1-{a50}-«{a25}»"}},
	{name: "databases-hosted", form: []string{"pscale_tkn_«{u43}»", "pscale_pw_«{u43}»", "sbp_«{h40}»", "dapi«{h32}»", "dapi«{h32}-2»", "pscale_oauth_«{A40}»", "pcsk_«{A6}_{A62}»", "sb_secret_«{A22}_{A8}»"}},
	{name: "ai-hosted", form: []string{"gsk_«{A52}»", "r8_«{A37}»", "xai-«{A80}»", "pplx-«{A48}»", "sk-or-v1-«{h64}»", "sk-lf-«{uuid}»", "ABSK«{b120}=»"}},
	{name: "payment", form: []string{"sq0atp-«{u22}»", "sq0csp-«{u43}»", "EAAA«{u60}»", "access_token$production$«{a16}${h32}»", "FLWSECK-«{h32}»-X", "shippo_live_«{h40}»", "EAAM«{A120}»", "FLWSECK_TEST-«{h32}-X»", "EZTK«{A54}»", "EZAK«{A54}»", "duffel_live_«{u43}»"}},
	{name: "monitoring-hosted", form: []string{"dt0c01.{U24}.«{U64}»", "phx_«{A43}»", "squ_«{h40}»", "lsv2_pt_«{h32}_{h10}»", "API-«{U26}»", "{A6}_«{A29}»_mmk"}, names: []string{"HONEYCOMB_API_KEY", "splunk hec token", "logzio_token", "PAGERDUTY_API_KEY"}, values: []string{"«{A22}»", "«{uuid}»", "«{A32}»"}},
	{name: "mail-hosted", form: []string{"xkeysib-«{h64}-{A16}»", "«{h32}»-us{d2}", "re_«{A8}_{A24}»"}, names: []string{"POSTMARK_SERVER_TOKEN", "mailjet_secret_key", "SMTP_PASSWORD"}, values: []string{"«{uuid}»", "«{h32}»"}},
	{name: "cms-and-data", form: []string{"pat{A14}.«{h64}»", "ntn_«{A46}»", "secret_«{A43}»", "CFPAT-«{u43}»", "tfp_«{u44}_{A14}»", "pnu_«{A36}»", "rdme_«{a70}»"}},
	{name: "cloud-other", form: []string{"LTAI«{A20}»", "v1.0-«{h24}-{h146}»", "AKCp«{A69}»", "p8e-«{a32}»", "cmVmdGtuOj«{A54}»"}, names: []string{"CLOUDFLARE_API_TOKEN", "CF_API_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ibm cloud api key", "OCI_KEY_PASSPHRASE"}, values: []string{"«{u40}»", "«{h37}»", "«{A30}»"}},
}
