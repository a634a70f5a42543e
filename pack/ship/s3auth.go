package ship

import (
	"context"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// awsLogin gives credentials by AWS's usual chain: AWS_ACCESS_KEY_ID and its fellows, web identity
// (IRSA), the shared files with AWS_PROFILE (also credential_process and SSO), container credentials
// (ECS, EKS Pod Identity), the instance's metadata service. What expires is fetched again in time, the
// files are read for each request, and what a store refused is looked up anew.
//
// Stand-ins for the services are named by the SDKs' own variables, AWS_ENDPOINT_URL_STS and
// AWS_EC2_METADATA_SERVICE_ENDPOINT.
type awsLogin struct {
	client *http.Client
	region string

	mu    sync.Mutex
	chain *credentials.Credentials
}

func newAWSLogin(c *http.Client, region string) *awsLogin {
	return &awsLogin{client: c, region: region}
}

func (l *awsLogin) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.chain = nil
}

func (l *awsLogin) credentials(ctx context.Context) (aws.Credentials, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.chain == nil {
		l.chain = l.newChain()
	}
	v, err := l.chain.GetWithContext(&credentials.CredContext{Client: l.client, Context: ctx})
	if err != nil || v.AccessKeyID == "" || v.SecretAccessKey == "" { // an empty chain gives no error
		return aws.Credentials{}, &Fault{Cause: NoLogin, Step: "log in", err: err,
			Detail: "neither the variables, the files, a web identity, nor a metadata service gave any"}
	}
	return aws.Credentials{AccessKeyID: v.AccessKeyID, SecretAccessKey: v.SecretAccessKey, SessionToken: v.SessionToken}, nil
}

func (l *awsLogin) newChain() *credentials.Credentials {
	service := &credentials.IAM{Client: l.client, Region: l.region}
	web := os.Getenv("AWS_WEB_IDENTITY_TOKEN_FILE") != ""
	container := os.Getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI") != "" || os.Getenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != ""
	providers := []credentials.Provider{&credentials.EnvAWS{}}
	switch {
	case web:
		service.Endpoint = os.Getenv("AWS_ENDPOINT_URL_STS")
		return credentials.NewChainCredentials(append(providers, service, &credentials.FileAWSCredentials{}))
	case !container:
		service.Endpoint = os.Getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT")
	}
	providers = append(providers, &credentials.FileAWSCredentials{})
	if container || !strings.EqualFold(os.Getenv("AWS_EC2_METADATA_DISABLED"), "true") {
		providers = append(providers, service)
	}
	return credentials.NewChainCredentials(providers)
}
