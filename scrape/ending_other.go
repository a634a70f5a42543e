//go:build !linux

package scrape

// Other systems tell nobody but the parent how a process ended.

func openHandle(int32) int { return -1 }

func signalName(int) string { return "" }

func closeHandle(int) {}

func exitStatus(int) (status int, known, later bool) { return 0, false, false }
