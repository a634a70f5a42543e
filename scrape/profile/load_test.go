package profile

import "testing"

func TestBuiltinsLoad(t *testing.T) {
	if len(Builtins()) != 2 {
		t.Fatalf("built in: %v", Builtins())
	}
	for _, name := range Builtins() {
		p, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != name {
			t.Errorf("%s calls itself %s", name, p.Name)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load("okboxbox"); err != nil {
			b.Fatal(err)
		}
	}
}
