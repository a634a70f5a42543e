package redact

// otherVendors are the documented prefixes of issuers by name, from A to Z: those that moreVendors has not.
var otherVendors = [...]prefix{
	{"aact_", ruleVendor, 40, "_=:"}, {"aio_", ruleVendor, 26, ""}, {"AVNS_", ruleVendor, 16, "_-"}, {"ALTAK-", ruleVendor, 20, "/"}, {"bce-v3/", ruleVendor, 40, "/-"},
	{"A3T", ruleAWS, 17, ""}, {"access-development-", ruleVendor, 32, "-"}, {"ATTA", ruleVendor, 64, ""}, {"ATSTT3", ruleVendor, 20, "_-="}, {"ATOATT3", ruleVendor, 20, "_-="}, {"BBDC-", ruleVendor, 40, "+/="},
	{"authress_", ruleVendor, 48, "_-.+/="}, {"scauth_", ruleVendor, 48, "_-.+/="}, {"bitpat_", ruleVendor, 32, "_-"}, {"CCDB1_", ruleVendor, 40, "_-"},
	{"cfk_", ruleVendor, 32, ""}, {"cts_", ruleVendor, 40, ""}, {"dkea", ruleVendor, 32, ""}, {"dnkey-", ruleVendor, 40, "_-="}, {"dvc_server_", ruleVendor, 24, "_"},
	{"dvc_client_", ruleVendor, 24, "_"}, {"dvc_mobile_", ruleVendor, 24, "_"}, {"sl.", ruleVendor, 100, "_-=."}, {"duffel_test_", ruleVendor, 16, "_-"},
	{"ddo_", ruleVendor, 32, ""}, {"essu_", ruleVendor, 40, "=+/"}, {"essa_", ruleVendor, 40, "=+/"},
	{"EAA", ruleVendor, 80, ""}, {"figu_", ruleVendor, 20, "_-"}, {"figh_", ruleVendor, 20, "_-"}, {"figu-", ruleVendor, 24, "_-"}, {"figh-", ruleVendor, 24, "_-"},
	{"FLWSECK_", ruleVendor, 12, "_-"}, {"frp_", ruleVendor, 32, ""}, {"fm1_", ruleVendor, 40, "_-+/=,"}, {"glrtr-", ruleGitLab, 16, "_-."}, {"live_", ruleVendor, 30, ""},
	{"test_", ruleVendor, 35, ""}, {"GOOG1E", ruleGCP, 50, ""}, {"GOOG", ruleGCP, 56, ""}, {"hbp_", ruleVendor, 30, ""},
	{"hop_", ruleVendor, 32, ""}, {"ptk_", ruleVendor, 32, ""}, {"s-s4t2ud-", ruleVendor, 32, ""}, {"s-s4t2af-", ruleVendor, 32, ""}, {"lip_", ruleVendor, 16, ""},
	{"sk.eyJ", ruleVendor, 40, "_-."}, {"pk.eyJ", ruleVendor, 40, "_-."}, {"tk.eyJ", ruleVendor, 40, "_-."}, {"Mid-server-", ruleVendor, 20, "_-"},
	{"mdb_sa_sk_", ruleVendor, 24, "_-"}, {"hvr.", ruleVendor, 16, "_-"}, {"NRJS-", ruleVendor, 16, ""}, {"NRRA-", ruleVendor, 24, ""}, {"NRBR-", ruleVendor, 16, ""},
	{"os_v2_app_", ruleVendor, 32, ""}, {"os_v2_org_", ruleVendor, 32, ""}, {"api_live.", ruleVendor, 32, "."}, {"api_sandbox.", ruleVendor, 32, "."},
	{"pdl_sdbx_", ruleVendor, 24, "_"}, {"persona_production_", ruleVendor, 20, "-"}, {"persona_sandbox_", ruleVendor, 20, "-"}, {"phc_", ruleVendor, 32, "_-"}, {"pha_", ruleVendor, 32, "_-"},
	{"phr_", ruleVendor, 32, "_-"}, {"pina_", ruleVendor, 32, ""}, {"pinc_", ruleVendor, 32, ""}, {"pinr_", ruleVendor, 32, ""}, {"pnb_", ruleVendor, 32, ""}, {"pnsk_", ruleVendor, 32, ""},
	{"polar_oat_", ruleVendor, 24, ""}, {"polar_pat_", ruleVendor, 24, ""}, {"polar_at_u_", ruleVendor, 24, ""}, {"polar_at_o_", ruleVendor, 24, ""}, {"polar_rt_u_", ruleVendor, 24, ""}, {"polar_rt_o_", ruleVendor, 24, ""}, {"pts_", ruleVendor, 28, ""}, {"packagist_ors_", ruleVendor, 32, ""}, {"packagist_oru_", ruleVendor, 32, ""}, {"packagist_out_", ruleVendor, 32, ""}, {"packagist_uut_", ruleVendor, 32, ""}, {"rk_prod_", ruleStripe, 32, "_"}, {"rootly_", ruleVendor, 32, ""},
	{"rpa_", ruleVendor, 32, ""}, {"samsara_api_", ruleVendor, 24, ""}, {"sec-c-", ruleVendor, 32, "-"}, {"sgd_", ruleVendor, 40, "_"}, {"sgs_", ruleVendor, 40, "_"},
	{"sindri_", ruleVendor, 24, "_-"}, {"sk_org_", ruleStripe, 20, "_"}, {"sk_sbox_", ruleVendor, 24, ""}, {"sk_", ruleVendor, 40, ""}, {"ek_live_", ruleStripe, 16, "_"},
	{"ek_test_", ruleStripe, 16, "_"}, {"pi_", ruleStripe, 48, "_"}, {"seti_", ruleStripe, 48, "_"}, {"sktsec_", ruleVendor, 32, "_-"}, {"slk_", ruleVendor, 40, ""},
	{"sm_sat_", ruleVendor, 16, ""}, {"lio_", ruleVendor, 16, ""}, {"secret-live-", ruleVendor, 24, "_-="}, {"secret-test-", ruleVendor, 24, "_-="}, {"IKID", ruleVendor, 32, ""},
	{"AKLT", ruleVendor, 40, "=_-"}, {"tk-us-", ruleVendor, 40, "_-"}, {"tss_", ruleVendor, 32, ""}, {"vtwn_", ruleVendor, 20, ""},
	{"unkey_", ruleVendor, 20, "_"}, {"waka_", ruleVendor, 32, "-"}, {"wandb_v1_", ruleVendor, 40, "_"}, {"xoxo-", ruleSlack, 8, "-"}, {"xnd_production_", ruleVendor, 32, ""},
	{"xnd_development_", ruleVendor, 32, ""}, {"YCA", ruleVendor, 36, "_-"}, {"YCM", ruleVendor, 36, "_-"}, {"YCN", ruleVendor, 36, "_-"}, {"YCO", ruleVendor, 36, "_-"},
	{"YCP", ruleVendor, 36, "_-"}, {"zpka_", ruleVendor, 32, "_"}, {"esecret_", ruleVendor, 24, ""}, {"gta_", ruleVendor, 32, ""}, {"ion_", ruleVendor, 40, ""},
	{"ajkey_", ruleVendor, 24, ""}, {"apify_api_", ruleVendor, 30, ""}, {"bb_live_", ruleVendor, 20, ""}, {"cal_live_", ruleVendor, 24, ""}, {"bedrock-api-key-", ruleAWS, 28, "+/="}, {"da2-", ruleAWS, 26, ""},
	{"ddapp_", ruleVendor, 28, "_"}, {"DDRCM_", ruleVendor, 32, ""}, {"e2b_", ruleVendor, 40, ""}, {"fc-", ruleVendor, 32, ""}, {"flb_live_", ruleVendor, 20, ""}, {"flp_", ruleVendor, 40, ""},
	{"hawk.", ruleVendor, 40, "_-."}, {"m0-", ruleVendor, 40, ""}, {"odt_", ruleVendor, 32, ""}, {"retool_", ruleVendor, 20, ""}, {"seam_", ruleVendor, 24, ""}, {"signkey-prod-", ruleVendor, 32, ""},
	{"signkey-test-", ruleVendor, 32, ""}, {"sk_car_", ruleVendor, 20, ""}, {"tr_dev_", ruleVendor, 20, ""}, {"tr_prod_", ruleVendor, 20, ""}, {"alcht_", ruleVendor, 24, ""},
	{"AAAAAAAAAAAAAAAAAAAAA", ruleVendor, 60, "%"}, // 21 of them: X, formerly Twitter
}
