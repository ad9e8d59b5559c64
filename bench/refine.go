package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A refinery is OpenRefine, running without a window, as its own pages talk to it.
type refinery struct {
	url string
	cmd *exec.Cmd
}

// besideRefine does the chores that OpenRefine knows with both. No bout means that it is not installed (Debian's package openrefine).
func (k kitchen) besideRefine(ctx context.Context, path string, rows int) (list []bout, err error) {
	program := found("openrefine")
	if program == "" {
		return nil, nil
	}
	one, other := filepath.Join(k.folder, "ours.csv"), filepath.Join(k.folder, "theirs.csv")
	for _, c := range chores {
		if c.refine == "" {
			continue
		}
		b := bout{Chore: c.name}
		if b.Ours, err = k.ours(ctx, c, path, one, rows); err != nil {
			return nil, err
		}
		r, err := startRefine(ctx, program, filepath.Join(k.folder, "refine")) // anew: what it holds of the chore before is not this one's
		if err != nil {
			return nil, err
		}
		if b.Theirs, b.Apart, err = r.cook(ctx, path, other, c.refine); err != nil {
			b.Theirs.Note = err.Error()
		}
		b.Theirs.Memory, b.Theirs.CPU = r.took()
		r.stop()
		b.Same = sameTables(one, other)
		list = append(list, b)
		say("%s: %v beside %v (%v), %s %s", c.name, b.Ours.Took, b.Theirs.Took, b.Apart, b.Same, b.Theirs.Note)
	}
	return list, nil
}

// startRefine starts it on a free port and waits until it answers, a minute at most.
func startRefine(ctx context.Context, program, folder string) (*refinery, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	r := &refinery{url: "http://" + address}
	r.cmd = exec.CommandContext(ctx, program, "-i", host, "-p", port, "-d", folder, "-m", "2048M", "-x", "refine.headless=true")
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its script starts Java
	r.cmd.Env = append(environment(""), "HOME="+folder)
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	for begin := time.Now(); time.Since(begin) < time.Minute && ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		if _, err := r.token(ctx); err == nil {
			return r, nil
		}
	}
	r.stop()
	return nil, fmt.Errorf("OpenRefine does not answer")
}

// took is the most memory and the processor time of its processes: its script starts Java.
func (r *refinery) took() (memory int64, cpu time.Duration) {
	all, _ := filepath.Glob("/proc/[0-9]*") // a good pattern
	for _, p := range all {
		pid, err := strconv.Atoi(filepath.Base(p))
		if err != nil {
			continue
		}
		if group, err := syscall.Getpgid(pid); err == nil && group == r.cmd.Process.Pid {
			memory, cpu = memory+memoryOf(pid, "VmHWM"), cpu+cpuOf(pid)
		}
	}
	return memory, cpu
}

func (r *refinery) stop() {
	_ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL)
	_ = r.cmd.Wait() // ended by our signal
}

// token is what each request that changes something carries.
func (r *refinery) token(ctx context.Context) (string, error) {
	text, err := page(ctx, http.DefaultClient, r.url+"/command/core/get-csrf-token")
	if err != nil {
		return "", err
	}
	var answer struct{ Token string }
	return answer.Token, json.Unmarshal([]byte(text), &answer)
}

// cook makes a project of a file, applies operations, writes the result. apart is the time of the operations alone.
func (r *refinery) cook(ctx context.Context, path, out, operations string) (f finish, apart time.Duration, err error) {
	f.Name = "OpenRefine"
	begin := time.Now()
	project, err := r.create(ctx, path)
	if err != nil {
		return f, 0, err
	}
	token, err := r.token(ctx)
	if err != nil {
		return f, 0, err
	}
	applied := time.Now()
	text, err := r.post(ctx, "/command/core/apply-operations?csrf_token="+url.QueryEscape(token)+"&project="+project, url.Values{"operations": {operations}})
	if err != nil {
		return f, 0, err
	}
	for strings.Contains(text, `"pending"`) && ctx.Err() == nil { // long operations go on by themselves
		time.Sleep(20 * time.Millisecond)
		list, err := page(ctx, http.DefaultClient, r.url+"/command/core/get-processes?project="+project)
		if err != nil {
			return f, 0, err
		}
		if !strings.Contains(list, `"status"`) {
			break
		}
	}
	if strings.Contains(text, `"error"`) {
		return f, 0, fmt.Errorf("OpenRefine: %.200s", text)
	}
	apart = time.Since(applied)
	text, err = r.post(ctx, "/command/core/export-rows/out.csv", url.Values{"project": {project}, "format": {"csv"}, "engine": {`{"facets":[],"mode":"row-based"}`}})
	f.Took = time.Since(begin)
	if err != nil {
		return f, apart, err
	}
	return f, apart, os.WriteFile(out, []byte(text), 0o600)
}

// create makes a project of a file and gives its number.
func (r *refinery) create(ctx context.Context, path string) (string, error) {
	token, err := r.token(ctx)
	if err != nil {
		return "", err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("project-file", filepath.Base(path))
	if err != nil {
		return "", err
	}
	if _, err := file.Write(raw); err != nil {
		return "", err
	}
	for name, value := range map[string]string{"project-name": "bench", "format": "text/line-based/*sv", "options": `{"encoding":"UTF-8","separator":";","ignoreLines":-1,"headerLines":1,"skipDataLines":0,"limit":-1,"storeBlankRows":true,"guessCellValueTypes":false,"processQuotes":true,"storeBlankCellsAsNulls":true,"includeFileSources":false}`} {
		if err := form.WriteField(name, value); err != nil {
			return "", err
		}
	}
	if err := form.Close(); err != nil {
		return "", err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/command/core/create-project-from-upload?csrf_token="+url.QueryEscape(token), &body)
	if err != nil {
		return "", err
	}
	ask.Header.Set("Content-Type", form.FormDataContentType())
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(ask)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	to, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || to.Query().Get("project") == "" {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 500))
		return "", fmt.Errorf("OpenRefine made no project: %s %s", answer.Status, said)
	}
	return to.Query().Get("project"), nil
}

func (r *refinery) post(ctx context.Context, path string, form url.Values) (string, error) {
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("OpenRefine answers %s", answer.Status)
	}
	return string(text), err
}
