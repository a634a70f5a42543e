package redact_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"relaypack/pack/redact"
)

func ExampleAppend() {
	out, err := redact.Append(nil, []byte(`{"message":"api_key=sk_test_planted003","context":{"password":"hunter2","lap":7}}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", out)
	// Output: {"message":"[removed-assignment]","context":{"lap":7}}
}

func ExampleRedactor_Copy() {
	r, err := redact.New(redact.Options{IDs: []redact.IDKind{{Kind: "session", Shapes: []string{"sess_[A-Za-z0-9]+"}}}})
	if err != nil {
		log.Fatal(err)
	}
	var rep redact.Report
	if err := r.Copy(os.Stdout, strings.NewReader("session sess_20997b8d2335: mail to a.b@example.com bounced\n"), redact.Text, &rep); err != nil {
		log.Fatal(err)
	}
	fmt.Println(rep.Counts["id"], rep.Counts["email"])
	// Output:
	// session sess...2335: mail to [removed-email] bounced
	// 1 1
}

func ExampleRedactor_Mask() {
	r, err := redact.New(redact.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", r.Mask(nil, "session", []byte("sess_20997b8d2335")))
	fmt.Printf("%s\n", r.Mask(nil, "user", []byte("7f3d9c52-1b7e-4c55")))
	fmt.Printf("%s\n", r.Mask(nil, "socket", []byte("mTgk...AAYR"))) // masked already
	// Output:
	// sess...2335
	// ...e-4c55
	// mTgk...AAYR
}

func ExampleRedactor_Clean() {
	r, err := redact.New(redact.Options{})
	if err != nil {
		log.Fatal(err)
	}
	var rep redact.Report
	clean, err := r.Clean([]byte(`{"headers":[{"name":"X-Api-Key","value":"hunter2"},{"name":"Host","value":"h"}],"totalAuthFails":3}`), redact.JSON, &rep)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n%+v\n", clean.Bytes(), rep.Removed)
	// Output:
	// {"headers":[{},{"name":"Host","value":"h"}],"totalAuthFails":3}
	// [{Parent:/headers/0 Rule:pair}]
}
