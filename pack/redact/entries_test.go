package redact_test

import (
	"strings"
	"testing"

	"relaypack/pack/redact"
)

// Every entry of the tables of names, calls, flags and references does what it is there for.
func TestEntries(t *testing.T) {
	r := redactor(t)
	const value = "Hx7qT9zLm2"
	gone := func(in string) {
		if got := apply(t, r, in, redact.Text); strings.Contains(got, value) {
			t.Errorf("%s gave %s", in, got)
		}
	}
	stays := func(in string) {
		if got := apply(t, r, in, redact.Text); got != in {
			t.Errorf("%s gave %s", in, got)
		}
	}
	for _, name := range strings.Fields(`tlspassword ldappasswd mypassphrase theapikey dbpwd tablesecretkey dbaccesskey dbprivatekey
		dbauthtoken dbaccesstoken dbapitoken githubkey ado_pat azure_pat azure_devops_pat gh_pat git_pat github_pat gitlab_pat vsts_pat
		snmp_community snmp_communities jenkins_crumb sonar.login cloudfront_signature x_jfrog_art_api community_string
		authentication_key privacy_key priv_key consumer_key partner_key rapidapi_key pac_key ibm_key iam_key cloud_key softlayer_key cloudant_key
		snyk_key hubspot_key alibaba_key bitbucket_key dropbox_key heroku_key sonar_key vonage_key nexmo_key trello_key asana_key okta_key
		zendesk_key privkey apptoken webpass dbpasswd mysqlpwd pgpass ftppass smtppass`) {
		gone(name + "=" + value)
	}
	for _, name := range strings.Fields(`NetworkCredential PasswordCredential UsernamePasswordCredentials UsernamePasswordCredential
		UsernamePasswordToken UsernamePasswordAuthenticationToken PasswordAuthentication BasicAWSCredentials BasicSessionCredentials
		AwsBasicCredentials NewStaticCredentials NewStaticCredentialsProvider HTTPBasicAuth HTTPDigestAuth HTTPProxyAuth HttpNtlmAuth BasicAuth
		DigestAuth SetBasicAuth basic_auth BasicAuthentication BasicCredentials UserPassword simple_bind simple_bind_s CRAMMD5Auth oci_connect auth
		login authenticate StorageSharedKeyCredential NewSharedKeyCredential AzureNamedKeyCredential`) {
		gone(name + `("relay", "` + value + `")`)
	}
	for _, name := range strings.Fields(`PlainAuth DirectoryEntry getConnection ClientSecretCredential mysql_connect mysqli_connect mysqli PDO
		ldap_bind ftp_login ssh2_auth_password imap_open odbc_connect`) {
		gone(name + `(db, "relay", "` + value + `")`)
	}
	for _, flag := range strings.Fields("--ask-password --no-password --prompt-password --skip-password --reset-password --show-password --without-password --password-stdin --password-prompt") {
		stays("run " + flag + " relay")
	}
	for _, name := range strings.Fields(`forgotpassword resetpassword changepassword lostpassword nopassword askpassword showpassword hidepassword
		forgottenpassword gpgkey pgpkey`) {
		stays(name + "=" + value)
	}
	for _, root := range strings.Fields(`this self process os config configuration cfg conf settings options opts env environ request req params
		args ctx context var local locals module data props secrets vault app system each input state`) {
		stays("password = " + root + ".lap.password")
	}
	for _, kind := range strings.Fields(`public pub primary foreign partition cache sort routing row map object index group idempotency dedupe
		dedup shard hash record entry lookup message event node bucket query lock topic natural unique composite range sub translation locale
		hot tree search join order sequence batch blob file path image column field table meta data`) {
		stays(kind + "_key=gKmRzwHD5gWXB1O3RoVTuZU0")
	}
	gone("acme_key=" + strings.Repeat(value, 3))
	for _, statement := range []string{"ENV API_KEY ", "SetEnv API_KEY ", "setenv API_KEY ", "fastcgi_param API_KEY ", "openssl enc -k ", "openssl enc -K "} {
		gone(statement + value)
	}
}
