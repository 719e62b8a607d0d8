package recipes

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.yaml.in/yaml/v3"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
)

func TestOnHangup(t *testing.T) {
	policy := new(cors.Policy)
	file := write(t, "cors.yaml", "allowOrigins: [https://myapp.com]")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	follower, err := FollowYAML(ctx, policy, OnHangup(file))
	if err != nil {
		t.Fatal(err)
	}
	// hangup sends the signal, and waits for the document.
	hangup := func(document string) {
		t.Helper()
		before := follower.Status()
		if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
		if now := follower.Status(); now != before {
			t.Errorf("without a signal, the status becomes %+v", now)
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(time.Minute); follower.Status().Checked.Equal(before.Checked); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the file is not read after the signal")
			}
		}
	}
	wantAllowed := func(origin string, want bool) {
		t.Helper()
		if ok, err := policy.AllowsOrigin(t.Context(), origin); ok != want || err != nil {
			t.Errorf("%s: allowed %t (%v), want %t", origin, ok, err, want)
		}
	}
	hangup("allowOrigins: [https://admin.myapp.com]")
	wantAllowed(adminApp, true)
	wantAllowed(myApp, false)
	hangup("allowOrigins: [https://myapp.com/]") // invalid
	wantAllowed(adminApp, true)
	if err := follower.Status().Err; err == nil || !strings.Contains(err.Error(), "trailing slash") {
		t.Errorf("the status has the error %v", err)
	}
	hangup("allowOrigins: [https://myapp.com]")
	wantAllowed(myApp, true)
	if policy.Config().OnReject == nil {
		t.Error("OnReject is lost")
	}
}

func TestFollowYAMLError(t *testing.T) {
	_, err := FollowYAML(t.Context(), new(cors.Policy), OnHangup(filepath.Join(t.TempDir(), "cors.yaml")))
	wantError(t, err, "cors.yaml", "no such file")
}

// A manifest has what the test needs of kubernetes.yaml.
type manifest struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Spec     struct {
		Template struct {
			Spec struct {
				Containers []struct {
					VolumeMounts []map[string]any `yaml:"volumeMounts"`
				}
				Volumes []struct {
					Name      string
					ConfigMap struct{ Name string } `yaml:"configMap"`
				}
			}
		}
	}
}

func TestManifest(t *testing.T) {
	configMap, deployment := manifests(t)
	cfg := cors.Config{}
	if err := yaml.Unmarshal([]byte(configMap.Data["cors.yaml"]), &cfg); err != nil {
		t.Error(err)
	}
	if _, err := cors.New(cfg); err != nil {
		t.Error(err)
	}
	spec := deployment.Spec.Template.Spec
	mount := spec.Containers[0].VolumeMounts[0]
	if mount["subPath"] != nil || mount["readOnly"] != true || path.Ext(mount["mountPath"].(string)) != "" {
		t.Errorf("the mount is %v, want a folder", mount)
	}
	if v := spec.Volumes[0]; v.Name != mount["name"] || v.ConfigMap.Name != configMap.Metadata.Name {
		t.Errorf("the volume is %+v", v)
	}
}

// The README shows a part of the manifest.
func TestManifestInREADME(t *testing.T) {
	for _, block := range blocks()["yaml"][1:] {
		if !strings.Contains(read("kubernetes.yaml"), block) {
			t.Errorf("kubernetes.yaml does not have\n%s", block)
		}
	}
}

func manifests(t *testing.T) (configMap, deployment manifest) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(read("kubernetes.yaml"))))
	for _, m := range []*manifest{&configMap, &deployment} {
		if err := decoder.Decode(m); err != nil {
			t.Fatal(err)
		}
	}
	if configMap.Kind != "ConfigMap" || deployment.Kind != "Deployment" {
		t.Fatalf("the manifests are a %s and a %s", configMap.Kind, deployment.Kind)
	}
	return configMap, deployment
}

// mountConfigMap puts a document where the kubelet puts it: in a folder that the
// link ..data points to, and replaces the link at once.
func mountConfigMap(t *testing.T, dir, version, document string) {
	t.Helper()
	data, link := filepath.Join(dir, version), filepath.Join(dir, "..data_tmp")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "cors.yaml"), []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(version, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(link, filepath.Join(dir, "..data")); err != nil {
		t.Fatal(err)
	}
	_ = os.Symlink(filepath.Join("..data", "cors.yaml"), filepath.Join(dir, "cors.yaml")) // the first time
}

func TestFollowMounted(t *testing.T) {
	configMap, _ := manifests(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		policy := new(cors.Policy)
		follower, err := FollowMounted(t.Context(), policy, filepath.Join(dir, "cors.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		check := func(origin string, allowed bool, status int, body string) {
			t.Helper()
			time.Sleep(2 * time.Second) // of the bubble's clock
			synctest.Wait()
			if ok, err := policy.AllowsOrigin(t.Context(), origin); ok != allowed || err != nil {
				t.Errorf("%s: allowed %t (%v), want %t", origin, ok, err, allowed)
			}
			w := httptest.NewRecorder()
			Ready(follower).ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
			if w.Code != status || !strings.Contains(w.Body.String(), body) {
				t.Errorf("the probe gets %d %q, want %d %q", w.Code, w.Body, status, body)
			}
		}
		check(myApp, false, http.StatusServiceUnavailable, "no valid policy")
		mountConfigMap(t, dir, "..2026_1", "allowOrigins: [myapp.com]")
		check(myApp, false, http.StatusServiceUnavailable, "no valid policy")
		mountConfigMap(t, dir, "..2026_2", configMap.Data["cors.yaml"])
		check(myApp, true, http.StatusOK, corslive.Revision([]byte(configMap.Data["cors.yaml"])))
		mountConfigMap(t, dir, "..2026_3", "allowOrigins: [https://admin.myapp.com]")
		check(adminApp, true, http.StatusOK, "policy ")
		mountConfigMap(t, dir, "..2026_4", "allowOrigins: [https://admin.myapp.com/]")
		check(adminApp, true, http.StatusOK, "a later one is not valid")
		if policy.Config().OnReject == nil {
			t.Error("OnReject is lost")
		}
	})
}
