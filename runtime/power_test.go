package runtime

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// powTruth are x, y and x^y of 60-digit arithmetic.
var powTruth = [][3]float64{
	{0.9238327741622925, 97.14388275146484, 0.0004545753867817300457},
	{1.7346824207824635e-31, -0.21160590648651123, 3229704.145264321076},
	{1.0000439882278442, -180416.125, 0.0003576301990367392066},
	{6.998393924705411e-246, -0.014276173897087574, 3161.370779557293048},
	{29.691530227661133, -23.097925186157227, 9.665911754192994331e-35},
	{1.1630777253895982e-43, 0.03487076610326767, 0.03183060435914266867},
	{0.7807263731956482, 9.279033660888672, 0.1005757344436792823},
	{2.018347081059533e+16, -0.0017190418438985944, 0.9374994678178986025},
	{1.0038795471191406, -1425.5203857421875, 0.004007156070296507214},
	{1.4246147796619117e+178, 0.003265677485615015, 3.817618431093982364},
	{25.26070213317871, -8.327554702758789, 2.094397281851798176e-12},
	{8.407790785948902e-45, -3.518643856048584, 1.21715881423824453e+155},
	{1.0216983556747437, -29233.169921875, 2.938256490931517728e-273},
	{9.421931550929186e-13, 0.9287922382354736, 6.768220868146461326e-12},
	{0.9686576128005981, 248.33352661132812, 0.0003678077121223169707},
	{1.3693247955760283e-128, 0.0033234073780477047, 0.3758871871830030991},
	{19.903779983520508, 10.035149574279785, 10839585004405.48879},
	{1.5575432430970342e-41, 0.04072060436010361, 0.02179171944250845097},
	{0.8476148247718811, -3161.517578125, 1.003611349705516732e+227},
	{4.5675534465772216e-08, 0.07399315387010574, 0.2863299925470431202},
	{1.001603126525879, 53458.26171875, 1.546644922465412882e+37},
	{9.206630032665438e-229, 0.7692172527313232, 3.898091326217464868e-176},
	{41.72358322143555, -1.7093838453292847, 0.001698814159466886342},
	{3.90962271546624e-43, -0.03511485829949379, 30.84225869372023872},
	{1.55022394657135, -1.7801415920257568, 0.4582167242706574155},
	{6.8660555860600135e+22, -0.13571438193321228, 0.0007956652322521227359},
	{1.0000004768371582, -917508736.0, 9.890738059694057149e-191},
	{8.106167907862936e+55, 0.631293535232544, 1.971849877598617911e+35},
	{31.0731258392334, -0.6483262181282043, 0.1077575511809663177},
	{6.58610278232664e-44, 2.135469913482666, 6.130280508802545514e-93},
	{1.5931026935577393, -11.707188606262207, 0.004288387463665640522},
	{1.4649668628115358e+19, 0.07833553850650787, 31.72235651847682916},
	{0.9999969005584717, -25683188.0, 3.72761891256302174e+34},
	{1.9012278489411083e+155, 0.5358425378799438, 1.603657972491346209e+83},
	{26.401445388793945, -1.524317741394043, 0.006807500307941979781},
	{2.0227743332528734e-40, 0.3206670582294464, 1.868206739912608489e-13},
	{1e-310, 0.5, 9.999999999999984725e-156}, {5e-324, -0.5, 4.498913794543196383e+161},
	{1.0000001192092896, 700000000.0, 1.739215873016312176e+36},
	{0.9999999403953552, 1400000000.0, 5.74967463696798351e-37},
	{1.0000000000000002, 3e+18, 1.987192621654610176e+289},
	{0.9999999999999999, 6e+18, 5.032224803488108916e-290}, {10.0, 2.0, 100.0}, {3.0, 13.0, 1594323.0},
	{7.0, -1.0, 0.1428571428571428571}, {2.0, -1074.0, 4.940656458412465442e-324},
	{2.0, 1023.5, 1.271161006153646284e+308}, {2.0, 0.5, 1.414213562373095049},
}

// pow is x^y by each form of it: of two rows, of a row and a number, and in float32.
func pow(x, y float64) (forms []float64, single float32) {
	d := make([]float64, 2)
	Pows(d[:1], []float64{x}, []float64{y})
	Raises(d[1:], []float64{x}, y)
	s := make([]float32, 1)
	Raises(s, []float32{float32(x)}, float32(y))
	return append(d, Pow64(x, y)), s[0]
}

func checkPow(t *testing.T, x, y, want float64) {
	t.Helper()
	forms, single := pow(x, y)
	for i, got := range forms {
		if u := ulps(got, want); u > 1.5 {
			t.Errorf("form %d of %g^%g is %g, off by %.2f units of %g", i, x, y, got, u, want)
		}
	}
	if float64(float32(x)) == x && float64(float32(y)) == y {
		if u := ulps(single, want); u > 1.5 {
			t.Errorf("%g^%g in float32 is %g, off by %.2f units of %g", x, y, single, u, want)
		}
	}
}

func TestPowTruth(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		for _, p := range powTruth {
			checkPow(t, p[0], p[1], p[2])
		}
	})
}

// TestPow: over all exponents, and near 1 with powers that reach the ends of the
// range, against products and roots of 300 bits.
func TestPow(t *testing.T) {
	const prec = 300
	r := rand.New(rand.NewPCG(5, 6))
	forLevels(t, func(t *testing.T) {
		for i := range 6000 {
			x := math.Float64frombits(r.Uint64N(0x7ff << 52))
			switch i % 4 {
			case 1:
				x = 1 + (r.Float64()-0.5)*math.Ldexp(1, -r.IntN(50))
			case 2:
				x = float64(math.Float32frombits(r.Uint32N(0xff << 23)))
			case 3:
				x = float64(1 + float32((r.Float64()-0.5)*math.Ldexp(1, -r.IntN(20))))
			}
			log := Log64(x)
			if x == 0 || log == 0 {
				continue
			}
			y := (-744.4 + r.Float64()*(709.7+744.4)) / log
			if i%8 > 4 {
				y = (-87.3 + r.Float64()*(88.7+87.3)) / log
			}
			y = math.RoundToEven(float64(float32(y))*16) / 16
			if y == 0 || math.Abs(y) > 0x1p58 || !(math.Abs(y*log) < 744) || y*log > 709.7 {
				continue
			}
			root := new(big.Float).SetPrec(prec).SetFloat64(x)
			for range 4 {
				root.Sqrt(root)
			}
			p := new(big.Float).SetPrec(prec).SetInt64(1)
			for n := int64(math.Abs(y) * 16); n > 0; n /= 2 {
				if n%2 == 1 {
					p.Mul(p, root)
				}
				root.Mul(root, root)
			}
			if y < 0 {
				p.Quo(new(big.Float).SetInt64(1), p)
			}
			want, _ := p.Float64()
			checkPow(t, x, y, want)
		}
	})
}

// TestPowEnds: what is exact, infinite, no number or has a sign.
func TestPowEnds(t *testing.T) {
	ends := []float64{0, math.Copysign(0, -1), 1, -1, 2, -2, 3, -3, 0.5, -0.5, 0x1p30 + 1, math.Inf(1), math.Inf(-1), math.NaN(),
		math.MaxFloat64, -math.MaxFloat64, math.MaxFloat32, 5e-324, -5e-324, 0x1p-149, 1e300, -1e300}
	forLevels(t, func(t *testing.T) {
		for _, x := range ends {
			for _, y := range ends {
				forms, single := pow(x, y)
				want := math.Pow(x, y)
				for i, got := range forms {
					if ulps(got, want) > 1.5 || math.Signbit(got) != math.Signbit(want) && want == want {
						t.Errorf("form %d of %g^%g is %g, want %g", i, x, y, got, want)
					}
				}
				want = math.Pow(float64(float32(x)), float64(float32(y)))
				if ulps(single, want) > 1.5 || math.Signbit(float64(single)) != math.Signbit(want) && want == want {
					t.Errorf("%g^%g in float32 is %g, want %g", x, y, single, want)
				}
			}
		}
	})
}
