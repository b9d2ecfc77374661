// Package course is what the topics of the course have in common: a topic with
// its claim, a run of it that notes the figures obtained, and drawing in one
// style.
//
// In flows a topic, which is a package of its own with its .nn files; out flow
// numbers and pictures, of which Index makes a page.
//
//	var Topic = course.Topic{
//		Number: 4, Name: "t04_logistic", Title: "Logistic regression",
//		Claim: "…one sentence that can be false…",
//		Run:   run,
//	}
//
//	func run(r *course.Run) error {
//		epochs := r.Pick(200, 20)         // the whole program, or a test's
//		...
//		r.Log("test accuracy", 97.2, "%") // a figure for the page, and for the test
//		c := course.NewChart("Learning", "epoch", "loss")
//		c.Line("training", epochs, losses)
//		c.Line("test", epochs, held, course.Dashed)
//		return r.Save("curves.svg", "Both losses fall.", c)
//	}
//
//	func TestClaim(t *testing.T) {
//		r := course.Test(t, Topic)
//		if a := r.Figure("test accuracy"); a < 95 {
//			t.Errorf("test accuracy is %v %%", a)
//		}
//	}
//
// At tells how far a run is, on one line of the terminal; Table notes a table
// for the page. NewtonStep solves a quadratic loss exactly with its hvp.
//
// Chart draws lines, points, bands, bars, histograms, decision regions, fields,
// contours, and paths; Row and Grid put charts side by side; Images is a sheet
// of pictures; Film is an animation. The name given to Save tells the format:
// .svg for drawings, .png for images, .gif for films. The same run writes the
// same bytes.
package course
