package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// message is what an eval sends, one JSON object a line.
type message struct {
	ID       int             `json:"id"`
	Kind     string          `json:"kind"`
	Module   string          `json:"module"`
	Function string          `json:"function"`
	Input    json.RawMessage `json:"input"`
}

// response answers one message; what its kind does not call for stays out.
type response struct {
	ID      int      `json:"id"`
	Tool    string   `json:"tool,omitempty"`
	Success *bool    `json:"success,omitempty"`
	Output  any      `json:"output,omitempty"`
	Timings []timing `json:"timings,omitempty"`
	Error   string   `json:"error,omitempty"`
}

type timing struct {
	Name        string `json:"name"`
	Nanoseconds int64  `json:"nanoseconds"`
}

// runs says how often an eval wants a function to be run.
type runs struct {
	MinRuns    int     `json:"min_runs"`
	MinSeconds float64 `json:"min_seconds"`
}

// serve answers the messages of in until it ends.
func serve(in io.Reader, out io.Writer) error {
	messages := json.NewDecoder(bufio.NewReaderSize(in, 1<<20))
	for {
		var m message
		if err := messages.Decode(&m); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		line, err := json.Marshal(answer(&m))
		if err != nil { // JSON has no NaN and no infinity
			no := false
			line, _ = json.Marshal(response{ID: m.ID, Success: &no, Error: err.Error()})
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
	}
}

// answer is the response to one message; kinds it does not know, analysis
// among them, are acknowledged.
func answer(m *message) response {
	r := response{ID: m.ID}
	switch m.Kind {
	case "start":
		r.Tool = "nnc"
	case "define":
		_, ok := evals[m.Module]
		r.Success = &ok
	case "evaluate":
		output, timings, err := evaluate(m)
		ok := err == nil
		r.Success = &ok
		if ok {
			r.Output, r.Timings = output, timings
		} else {
			r.Error = err.Error()
		}
	}
	return r
}

// evaluate runs a function as often as its input asks for.
func evaluate(m *message) (output any, timings []timing, err error) {
	prepare := evals[m.Module][m.Function]
	if prepare == nil {
		return nil, nil, fmt.Errorf("no function %q in module %q", m.Function, m.Module)
	}
	call, err := prepare(m.Input)
	if err != nil {
		return nil, nil, err
	}
	var want runs
	json.Unmarshal(m.Input, &want) // hello's input is a number: one run
	for total := time.Duration(0); len(timings) == 0 || len(timings) < want.MinRuns || total.Seconds() < want.MinSeconds; {
		start := time.Now()
		output, err = call()
		took := time.Since(start)
		if err != nil {
			return nil, nil, err
		}
		total += took
		timings = append(timings, timing{"evaluate", took.Nanoseconds()})
	}
	return output, timings, nil
}
