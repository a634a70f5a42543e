package verify_test

import "testing"

// What shows by a beginning, a length and an alphabet, by what base64 stands for, and addresses that let in
// whoever knows them.
var formsLater = []carriedGroup{
	{"marks",
		[]string{"cu_d3650579173aa1fb41024a70cfecaa5c", "ck_5ae8c1a48661799977fe80cb4d35d16e9117cf96", "sk_0b47200b1876c1f024a3a5c13bfe2d5e6af931ce5a1f841a", "waka_b8baddf2-70c2-4150-8b49-26ce50d23870",
			"access-sandbox-f4c70b6a-a475-4496-908d-8403dd7cb4fa", "npg_B2agFZQeclyp", "AVNS_mhUJZ1o857qVfDCO3Zu", "EXO01252314279a840fc4176d4a", "AQVNu0_ieU4Cu5E1AccbthjI0LeRN5K4gjcaSdgw",
			"SUASNZRI3OU5LDUX3AMLCNPXCQXKTPB76U3VO4KRDA6DGOEIP4B4H7TLF2", "STS.NbJCClKU7aUtXdyDb6rn8PoFWL", "akab-zeum5m46039cudsj-l9am99njslp7sffe", "oauth:znczkwfeojp1ujwvbrkfr66qdoq2ip",
			"1000.c9347dbf5fa594b84e0f5bc4a25b215b.79d9df418861e0e5b8d38379a235a6a7", "KEY011A5D8C7CE221B997364A86CF1EF88C_tMuhEBSXRD0pCs6QgWJofc", "\x1b[31mcu_d3650579173aa1fb41024a70cfecaa5c\x1b[0m",
			"xprv9s21ZrQH143KweoEjrkz9NA8vX7yVJsct5zPZDfaLcVKdPlnmBWF7TSiwFxGrMg6jHCLZTxpzo4ZkKpR07UXuz5nTQ5VWSfLvGwsLOXIvLlf"},
		[]string{"cu_d3650579", "cs_test_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0", "waka_time", "npg_connection1", "access-sandbox-mode", "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8",
			"SUNDAYMORNINGS", "GDQP2KPQGKIHYJGXNUIYOMHARUARCA7DJT5FO2FFOOKY3B2WSQHG4W37", "oauth:authorize", "1000.5", "KEY0123"}},
	{"inside base64",
		[]string{"nOPrv5coUjuj/oPTGhd5zSudAOI3xXcMKwv1JR7eISXvx0Xm8gPx3XXtKLLT4al7Sysd5JzdHzXGACDbS309kQ==", "49gyC1Dg4wfKfXnUQZKB0xQJzIJmIR785ec9C6Os0s6LL2wn3emTJQQJ99BAACkkkmQstS45juewOHAtRxO9IM",
			"PHNhbWxwOlJlc3BvbnNlIElEPSJfODUwZmMyOTJlMGQ0NTJhNjY4YmZkZmQwZjQwNWViN2UiIFZlcnNpb249IjIuMCI+PHNhbWw6QXNzZXJ0aW9u", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQAAACDRWWPvRT9O"},
		[]string{"nOPrv5coUjuj/oPTGhd5zSudAOI3xXcMKwv1JR7eISXvx0Xm8gPx3XXtKLLT4al7Sysd5JzdHzXGACDcS309kQ==", "PHNhbWxwOkF1dGhuUmVxdWVzdCBJRD0iXzg1MGZjMjkyZTBkNDUyYTY2OGJmZGZkMGY0MDVlYjdlIiBWZXJzaW9uPSIyLjAiPjxzYW1s"}},
	{"addresses that let in",
		[]string{"https://hooks.zapier.com/hooks/catch/2855283/isi43nd21o6wuu/", "https://open.feishu.cn/open-apis/bot/v2/hook/d05ba1b2-17a3-4253-b1e2-7e98c5806efe", "https://chat.example.com/hooks/pnOvBnmak9pL12XiL/rdN1m9m5TLksrjZHykCzSkYEuCTXJzrSPSGrTCdJ7LAXf",
			"https://discordapp.com/api/v10/webhooks/5641027434976037619/l4BHkWE1idU-JuOneOgGxAqIAh_hq3NktMKhs1Omp7BIMWTOYg_fCfhfWRPafuB_SDfv", "https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/CDUvz2VdC6koHcyWxZ_-THEMNJ1h3rSDKHqMEew4Xvm3tstsb1ecQRgnHX1AbIgm/n/ns/b/laps/o/a.gz",
			"grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=nArSkBrRJhPGZucfqbi0TqCbnq31axTVks4Ok6qrPIA", "https://h/v1/AUTH_relay/laps/a?temp_url_sig=5d8694ab4f94bad132a0c30d7e178eda37c6f043&temp_url_expires=1735654800"},
		[]string{"https://hooks.zapier.com/hooks/catch/", "https://open.feishu.cn/open-apis/bot/v2/hook/", "https://h/hooks/use-effect/index.js", "https://h/api/v10/webhooks/5641027434976037619", "device_code expired", "https://h/p/laps/n/ns"}},
	{"terminals and tracks",
		[]string{"%B5135212060814215^DRIVER/TEST^29121011000012300000000?", "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"rig\"\nf+NI71o1f5Obdn0VBukNCc5L"},
		[]string{"%B5135212060814216^DRIVER/TEST^2912", "---- BEGIN SSH2 PUBLIC KEY ----", "---- BEGIN of run"}},
}

func TestFormsLater(t *testing.T) { scanCarried(t, formsLater) }
