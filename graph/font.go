package graph

// Widths of the letters of Helvetica, in thousandths of the size, from space
// on (Adobe's font metrics). Arial and Liberation Sans have the same.
var helvetica = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // !"#$%&'()*+,-./
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0-9:;<=>?
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @A-O
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P-Z[\]^_
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // `a-o
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p-z{|}~
}

// textWidth is how wide s is at most: a tenth is added for other fonts, and
// what the table does not have counts as a wide letter.
func textWidth(s string, size float64) float64 {
	w := 0
	for _, r := range s {
		switch {
		case r >= ' ' && int(r-' ') < len(helvetica):
			w += helvetica[r-' ']
		case r == '·' || r == '‖' || r == '²':
			w += 340
		default:
			w += 780
		}
	}
	return 1.1 * float64(w) / 1000 * size
}
