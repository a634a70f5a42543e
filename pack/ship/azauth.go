package ship

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// azLogin puts a login on a request. forget says that the store refused it.
type azLogin interface {
	sign(*http.Request) error
	forget()
}

// newAzLogin chooses by Azure's usual variables: a shared key (AZURE_STORAGE_KEY or a connection
// string), a signature (AZURE_STORAGE_SAS_TOKEN or a connection string), else an identity.
func newAzLogin(c *client, account string, conn map[string]string) (azLogin, error) {
	if k := firstSet(os.Getenv("AZURE_STORAGE_KEY"), conn["AccountKey"]); k != "" {
		raw, err := base64.StdEncoding.DecodeString(k)
		if err != nil {
			return nil, errors.New("AZURE_STORAGE_KEY or the connection string's AccountKey: not base64")
		}
		return sharedKey{account, raw}, nil
	}
	if s := firstSet(os.Getenv("AZURE_STORAGE_SAS_TOKEN"), conn["SharedAccessSignature"]); s != "" {
		return accessSignature(strings.TrimPrefix(s, "?")), nil
	}
	return &azIdentity{client: c.logins()}, nil
}

// sharedKey signs as "Authorize with Shared Key" of the REST API says.
type sharedKey struct {
	account string
	key     []byte
}

func (sharedKey) forget() {}

func (k sharedKey) sign(r *http.Request) error {
	length := ""
	if r.ContentLength > 0 {
		length = strconv.FormatInt(r.ContentLength, 10)
	}
	h := r.Header
	lines := []string{
		r.Method, h.Get("Content-Encoding"), h.Get("Content-Language"), length, h.Get("Content-Md5"),
		h.Get("Content-Type"), "", h.Get("If-Modified-Since"), h.Get("If-Match"), h.Get("If-None-Match"),
		h.Get("If-Unmodified-Since"), h.Get("Range"),
	}
	var own []string
	for name := range h {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-ms-") {
			own = append(own, lower+":"+strings.TrimSpace(h.Get(name)))
		}
	}
	slices.Sort(own)
	lines = append(append(lines, own...), "/"+k.account+r.URL.EscapedPath())
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		lines = append(lines, strings.ToLower(name)+":"+strings.Join(query[name], ","))
	}
	mac := hmac.New(sha256.New, k.key)
	mac.Write([]byte(strings.Join(lines, "\n")))
	h.Set("Authorization", "SharedKey "+k.account+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return nil
}

// accessSignature is a SAS: it goes into the query, which no error and no log quotes.
type accessSignature string

func (accessSignature) forget() {}

func (s accessSignature) sign(r *http.Request) error {
	if _, err := url.ParseQuery(string(s)); err != nil {
		return &Fault{Cause: NoLogin, Step: "log in", Detail: "the shared access signature is not readable"}
	}
	r.URL.RawQuery = string(s)
	return nil
}

// azIdentity gives access tokens by the SDK's chain for services: the variables of a service principal,
// workload identity (AKS), managed identity. The federated token's file is read again by the SDK.
type azIdentity struct {
	client *http.Client

	mu    sync.Mutex
	chain azcore.TokenCredential
}

func (l *azIdentity) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.chain = nil
}

func (l *azIdentity) sign(r *http.Request) error {
	chain, err := l.credential()
	if err != nil {
		return &Fault{Cause: NoLogin, Step: "log in", Detail: "no identity can be made of the variables", err: err}
	}
	t, err := chain.GetToken(r.Context(), policy.TokenRequestOptions{Scopes: []string{"https://storage.azure.com/.default"}})
	if err != nil {
		return &Fault{Cause: NoLogin, Step: "log in", err: err,
			Detail: "neither the variables, a workload identity, nor a managed identity gave any"}
	}
	return setBearer(r, t.Token)
}

func (l *azIdentity) credential() (azcore.TokenCredential, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.chain != nil {
		return l.chain, nil
	}
	// The client below retries; a second layer would multiply.
	o := azcore.ClientOptions{Transport: l.client, Retry: policy.RetryOptions{MaxRetries: -1}}
	// A stand-in or a private cloud is not known to the public directory.
	private := os.Getenv("AZURE_AUTHORITY_HOST") != ""
	var sources []azcore.TokenCredential
	if c, err := azidentity.NewEnvironmentCredential(&azidentity.EnvironmentCredentialOptions{ClientOptions: o, DisableInstanceDiscovery: private}); err == nil {
		sources = append(sources, c)
	}
	if c, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{ClientOptions: o, DisableInstanceDiscovery: private}); err == nil {
		sources = append(sources, c)
	}
	managed := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: o}
	if id := os.Getenv("AZURE_CLIENT_ID"); id != "" {
		managed.ID = azidentity.ClientID(id)
	}
	if c, err := azidentity.NewManagedIdentityCredential(managed); err == nil {
		sources = append(sources, c)
	}
	chain, err := azidentity.NewChainedTokenCredential(sources, nil)
	if err != nil {
		return nil, err
	}
	l.chain = chain
	return chain, nil
}
