package ship

import "os"

// childFolder names the variable by which this test binary, started again, knows what to do.
const childFolder = "SHIP_TEST_CHILD"

func child() { os.Exit(0) }
