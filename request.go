package nnc

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// ownParams is the name that the parameters of a model entry go by.
const ownParams = "params"

// whats are what eval computes, in the order of its manual.
var whats = []string{"value", "grad", "jvp", "vjp", "hvp", "jacobian", "hessian", "hessdiag", "init"}

// request is the input of an evaluation, checked for what needs no program.
type request struct {
	args, params, state   *node
	tangents, cotangents  *node
	dims                  *node
	wrt                   []string
	hasWrt, train, random bool
	seed                  uint64
}

var requestKeys = []string{"args", "params", "state", "dims", "wrt", "tangents", "cotangents", "seed", "train"}

// parseRequest reads the input object. No input at all is an empty object.
func parseRequest(src []byte) (*request, error) {
	req := &request{}
	if len(strings.TrimSpace(string(src))) == 0 {
		return req, nil
	}
	top, err := parseJSON(src)
	if err != nil {
		return nil, err
	}
	if err := top.object("input", requestKeys...); err != nil {
		return nil, err
	}
	req.args, req.params, req.state = top.get("args"), top.get("params"), top.get("state")
	req.tangents, req.cotangents, req.dims = top.get("tangents"), top.get("cotangents"), top.get("dims")
	if n := top.get("seed"); n != nil {
		if req.seed, err = strconv.ParseUint(n.text, 10, 64); err != nil || n.kind != '0' {
			return nil, fmt.Errorf("seed is %s, not an integer from 0 to 2^64-1", n.what())
		}
	}
	if n := top.get("train"); n != nil {
		if n.kind != 'b' {
			return nil, fmt.Errorf("train is %s, not true or false", n.what())
		}
		req.train = n.text == "true"
	}
	if n := top.get("wrt"); n != nil {
		req.hasWrt = true
		if n.kind != '[' {
			return nil, fmt.Errorf("wrt is %s, not a list of argument names", n.what())
		}
		for i := range n.items {
			if n.items[i].kind != '"' {
				return nil, fmt.Errorf("wrt[%d] is %s, not the name of an argument", i, n.items[i].what())
			}
			if contains(req.wrt, n.items[i].text) {
				return nil, fmt.Errorf("wrt names %s twice", n.items[i].text)
			}
			req.wrt = append(req.wrt, n.items[i].text)
		}
	}
	return req, nil
}

// checkKeys checks the names in the request against the arguments of an entry.
func (req *request) checkKeys(e *ir.Entry, args []*ir.Arg) error {
	var names, data []string
	model := false
	for _, a := range args {
		names = append(names, a.Name)
		if a.Name == ownParams && e.Kind == ir.ModelEntry && a.Bundle != nil {
			model = true
		} else {
			data = append(data, a.Name)
		}
	}
	if err := req.args.object("args", data...); err != nil {
		return err
	}
	if err := req.tangents.object("tangents", names...); err != nil {
		return err
	}
	if !model {
		if req.params != nil {
			return fmt.Errorf("params is for a model; the parameters of %s stand in args", e.Name)
		}
		var bundles []string
		for _, a := range args {
			if a.Bundle != nil {
				bundles = append(bundles, a.Name)
			}
		}
		if err := req.state.object("state", bundles...); err != nil {
			return err
		}
	}
	return nil
}

// readDims reads the object of sizes.
func (req *request) readDims(p *ir.Program) (map[string]int, error) {
	var names []string
	for _, d := range p.Dims {
		names = append(names, d.Name)
	}
	if err := req.dims.object("dims", names...); err != nil {
		return nil, err
	}
	dims := map[string]int{}
	if req.dims != nil {
		for i, k := range req.dims.keys {
			n := &req.dims.items[i]
			v, err := strconv.ParseInt(n.text, 10, 64)
			if n.kind != '0' || err != nil || v < 0 || v > math.MaxInt32 {
				return nil, fmt.Errorf("dims.%s is %s, not a size", k, n.what())
			}
			dims[k] = int(v)
		}
	}
	return dims, nil
}
