package runtime

import "testing"

func TestErrors(t *testing.T) {
	infer := func(have, per int) error {
		_, err := InferDim("digits: Fit.LossGrad", "x", have, per, "[N,784]", "N")
		return err
	}
	tests := []struct {
		err  error
		want string
	}{
		{CheckLen("digits: Fit.LossGrad", "x", 7839, 7840, "[N,784] with N = %d (from y)", 10),
			"digits: Fit.LossGrad: x has 7839 values, [N,784] with N = 10 (from y) needs 7840"},
		{CheckLen("f", "x", 1, 2, "[2]"), "f: x has 1 value, [2] needs 2"},
		{CheckLen("f", "x", 2, 2, "[2]"), ""},
		{infer(784*3, 784), ""},
		{infer(785, 784), "digits: Fit.LossGrad: x has 785 values, [N,784] needs a multiple of 784 to tell N"},
		{infer(0, 784), ""},
		{infer(0, 0), "digits: Fit.LossGrad: x is empty, [N,784] does not tell N"},
		{infer(1, 0), "digits: Fit.LossGrad: x has 1 value, [N,784] needs 0"},
		{CheckRange("", "y", []int32{0, 9, 3, 10}, 10), "y[3] = 10 is not in 0..9"},
		{CheckRange("f", "y", []int32{0, 9, 3, 1, 5, -1}, 10), "f: y[5] = -1 is not in 0..9"},
		{CheckRange("", "y", []int32{0, 9, 3, 1, 5, 2, 9}, 10), ""},
		{CheckRange("", "y", []int32{-1 << 31}, 10), "y[0] = -2147483648 is not in 0..9"},
		{CheckRange("", "y", []int32{1<<31 - 1, 1<<31 - 2}, 1<<31-1), "y[0] = 2147483647 is not in 0..2147483646"},
		{CheckRange("", "y", []int32{1<<31 - 1}, 1<<31), ""},
		{CheckRange("", "y", []int32{0}, 0), "y[0] = 0 is not in an empty range"},
		{CheckRange("", "y", nil, 0), ""},
		{CheckCap("f", "N", 65, 64), "f: N = 65, the workspace was made for at most 64"},
		{CheckCap("f", "N", 64, 64), ""},
	}
	for _, c := range tests {
		got := ""
		if c.err != nil {
			got = c.err.Error()
		}
		if got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	if n, err := InferDim("f", "x", 784*3, 784, "[N,784]", "N"); n != 3 || err != nil {
		t.Error(n, err)
	}
	v := make([]int32, 100)
	if n := testing.AllocsPerRun(10, func() {
		if CheckLen("f", "x", len(v), 100, "[N,%d]", len(v)) != nil || CheckRange("f", "x", v, 1) != nil {
			t.Error("wrong")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
