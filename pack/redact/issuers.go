package redact

// moreVendors are the documented prefixes of issuers, by what they serve.
var moreVendors = [...]prefix{
	// AI
	{"pplx-", ruleVendor, 32, ""}, {"jina_", ruleVendor, 32, ""}, {"tvly-", ruleVendor, 20, "-"}, {"tgp_v1_", ruleVendor, 24, "_-"},
	{"lsv2_", ruleVendor, 24, "_"}, {"fw_", ruleVendor, 22, ""}, {"csk-", ruleVendor, 32, ""}, {"api_org_", ruleVendor, 24, ""},
	{"ABSK", ruleVendor, 60, "+/="}, {"nvapi-", ruleVendor, 32, "_-"}, {"pa-", ruleVendor, 40, "_-"}, {"bfl_", ruleVendor, 24, ""},
	// clouds and hosts
	{"v1.0-", ruleVendor, 64, "-"}, {"LTAI", ruleVendor, 16, ""}, {"AKID", ruleVendor, 32, ""}, {"t1.", ruleVendor, 60, "_-.="}, {"AQVN", ruleVendor, 32, "_-"},
	{"dapi", ruleVendor, 32, "-"}, {"sha256~", ruleVendor, 40, "_-"}, {"HRKU-", ruleVendor, 32, "_-"}, {"fo1_", ruleVendor, 32, "_-"},
	{"fm1r_", ruleVendor, 40, "_-+/=,"}, {"fm1a_", ruleVendor, 40, "_-+/=,"}, {"fm2_", ruleVendor, 40, "_-+/=,"}, {"nfp_", ruleVendor, 32, ""},
	{"nfc_", ruleVendor, 32, ""}, {"nfo_", ruleVendor, 32, ""}, {"rnd_", ruleVendor, 20, ""}, {"dp.pt.", ruleVendor, 32, ""}, {"dp.st.", ruleVendor, 32, "_."},
	{"dp.ct.", ruleVendor, 32, ""}, {"dp.sa.", ruleVendor, 32, ""}, {"dp.scim.", ruleVendor, 32, ""}, {"dp.audit.", ruleVendor, 32, ""}, {"pul-", ruleVendor, 40, ""},
	{"pnu_", ruleVendor, 32, ""}, {"hcp.", ruleVendor, 32, "_-."}, {"scw", ruleVendor, 32, "-"}, {"p8e-", ruleVendor, 32, ""}, {"vcp_", ruleVendor, 40, ""},
	{"vck_", ruleVendor, 40, ""}, {"vci_", ruleVendor, 40, ""}, {"vca_", ruleVendor, 40, ""}, {"cfut_", ruleVendor, 32, ""}, {"cfat_", ruleVendor, 32, ""},
	// databases
	{"sb_secret_", ruleVendor, 20, "_-"}, {"pcsk_", ruleVendor, 32, "_"}, {"napi_", ruleVendor, 32, ""}, {"xau_", ruleVendor, 24, ""},
	{"pscale_oauth_", ruleVendor, 20, "_-."}, {"AstraCS:", ruleVendor, 32, ":"},
	// code, packages, builds
	{"cio", ruleVendor, 32, ""}, {"sgp_", ruleVendor, 32, "_"}, {"bkua_", ruleVendor, 32, ""}, {"bkct_", ruleVendor, 32, ""}, {"bkaj_", ruleVendor, 32, "_-."},
	{"dckr_oat_", ruleVendor, 20, "_-"}, {"CCIPAT_", ruleVendor, 32, "_"}, {"CCIPRJ_", ruleVendor, 32, "_"}, {"oy2", ruleVendor, 43, ""}, {"ATBB", ruleVendor, 28, ""},
	{"AKCp", ruleVendor, 60, ""}, {"cmVmdGtu", ruleVendor, 50, ""}, {"squ_", ruleVendor, 32, ""}, {"sqp_", ruleVendor, 32, ""}, {"sqa_", ruleVendor, 32, ""},
	{"gloas-", ruleGitLab, 32, "_-"}, {"glagent-", ruleGitLab, 20, "_-"}, {"glft-", ruleGitLab, 16, "_-"}, {"glffct-", ruleGitLab, 16, "_-"},
	{"glimt-", ruleGitLab, 16, "_-"}, {"glwt-", ruleGitLab, 16, "_-"}, {"GR1348941", ruleGitLab, 16, "_-"}, {"_gitlab_session=", ruleGitLab, 16, ""},
	{"rtc_", ruleVendor, 32, ""}, {"snyk_", ruleVendor, 24, "_-."}, {"jfrt", ruleVendor, 60, ""},
	// mail, telephone, chat
	{"re_", ruleVendor, 20, "_"}, {"xsmtpsib-", ruleVendor, 32, "-"}, {"mlsn.", ruleVendor, 32, ""}, {"xwfp-", ruleSlack, 20, "-"}, {"xoxd-", ruleSlack, 20, "%+/=-"},
	{"xoxc-", ruleSlack, 20, "-"}, {"hooks.slack.com/workflows/", ruleSlack, 16, "/"}, {"hooks.slack.com/triggers/", ruleSlack, 16, "/"},
	{"canary.discord.com/api/webhooks/", ruleVendor, 16, "/_-"}, {"ptb.discord.com/api/webhooks/", ruleVendor, 16, "/_-"},
	// money, shops
	{"shppat_", ruleVendor, 20, ""}, {"EAAA", ruleVendor, 56, "_-"}, {"rzp_live_", ruleVendor, 12, ""}, {"rzp_test_", ruleVendor, 12, ""},
	{"APP_USR-", ruleVendor, 24, "-"}, {"shippo_live_", ruleVendor, 32, ""}, {"shippo_test_", ruleVendor, 32, ""}, {"FLWSECK-", ruleVendor, 12, "-"},
	{"FLWSECK_TEST-", ruleVendor, 12, "-"}, {"EZAK", ruleVendor, 50, ""}, {"EZTK", ruleVendor, 50, ""}, {"access_token$production$", ruleVendor, 20, "$"},
	{"access_token$sandbox$", ruleVendor, 20, "$"}, {"amzn.mws.", ruleAWS, 24, "-"}, {"amzn1.oa2-cs.v1.", ruleAWS, 32, ""}, {"paddle_", ruleVendor, 24, "_"},
	{"pdl_live_apikey_", ruleVendor, 24, "_"}, {"pdl_sdbx_apikey_", ruleVendor, 24, "_"}, {"access-sandbox-", ruleVendor, 32, "-"}, {"access-production-", ruleVendor, 32, "-"},
	// content, tickets, data
	{"ntn_", ruleVendor, 32, ""}, {"secret_", ruleVendor, 40, ""}, {"rdme_", ruleVendor, 40, ""}, {"CFPAT-", ruleVendor, 32, "_-"}, {"lin_oauth_", ruleVendor, 32, ""},
	{"figo-", ruleVendor, 24, "_-"}, {"fio-u-", ruleVendor, 32, "_-="}, {"pk_", ruleVendor, 36, "_"}, {"ctp", ruleVendor, 40, ""}, {"shp_", ruleVendor, 32, ""},
	{"pat-na1-", ruleVendor, 32, "-"}, {"pat-eu1-", ruleVendor, 32, "-"}, {"sdk-", ruleVendor, 36, "-"}, {"dG9rO", ruleVendor, 50, "+/="}, {"PRIVATE-", ruleVendor, 60, "-"},
	// monitoring
	{"dt0c01.", ruleVendor, 60, "."}, {"dt0s01.", ruleVendor, 60, "."}, {"dt0s02.", ruleVendor, 60, "."}, {"dt0s16.", ruleVendor, 60, "."}, {"NRII-", ruleVendor, 24, "_-"},
	{"NRIQ-", ruleVendor, 24, "_-"}, {"NRAA-", ruleVendor, 24, ""}, {"NRSP-", ruleVendor, 24, "-"}, {"hcaik_", ruleVendor, 24, ""}, {"hcxik_", ruleVendor, 24, ""},
	{"hcalk_", ruleVendor, 24, ""}, {"hcxlk_", ruleVendor, 24, ""}, {"hcamk_", ruleVendor, 24, ""}, {"hcxmk_", ruleVendor, 24, ""}, {"phx_", ruleVendor, 32, "_-"},
	{"phs_", ruleVendor, 32, "_-"}, {"lgtm", ruleVendor, 60, ""}, {"sk_prod_", ruleVendor, 32, "_"}, {"ops_eyJ", ruleVendor, 60, "_-=+/"}, {"A3-", ruleVendor, 28, "-"}, {"API-", ruleVendor, 24, ""}, {"CLOJARS_", ruleVendor, 40, ""},
	{"SWMTKN-1-", ruleVendor, 40, "-"}, {"ico-", ruleVendor, 28, ""}, {"sm_pat_", ruleVendor, 16, ""}, {"sm_aat_", ruleVendor, 16, ""}, {"pat.", ruleVendor, 48, "_-."}, {"webhook.office.com/webhookb2/", ruleVendor, 36, "/@-"}, {"outlook.office.com/webhook/", ruleVendor, 36, "/@-"}, {"xaat-", ruleVendor, 32, "-"},
	{"xapt-", ruleVendor, 32, "-"}, {"ddp_", ruleVendor, 32, ""}, {"ddpat_", ruleVendor, 32, ""},
}
