package corpus

var words = []string{
	"apex", "asphalt", "banana", "beacon", "camshaft", "chicane", "copper", "dolphin", "ember", "falcon", "gearbox", "glacier",
	"hairpin", "harbor", "indigo", "jasmine", "juniper", "kestrel", "lantern", "magnet", "marble", "nebula", "nickel", "octane",
	"orchid", "paddock", "pepper", "piston", "quartz", "raven", "saffron", "sierra", "slick", "stint", "sunset", "throttle",
	"thunder", "topaz", "turbine", "velvet", "vortex", "walnut", "willow", "winter", "yellow", "zephyr",
}

// secretWords make passwords; no other text holds one of them.
var secretWords = []string{
	"acorn", "alder", "badger", "bramble", "cinder", "clover", "cobalt", "crimson", "drizzle", "feather", "fjord", "gravel", "hazel",
	"heron", "ivory", "jigsaw", "kettle", "lagoon", "maple", "meadow", "mosaic", "nutmeg", "onyx", "otter", "pebble", "plover", "quiver",
	"ribbon", "saddle", "scarlet", "sparrow", "tangerine", "thistle", "timber", "umber", "violet", "waffle", "wombat", "yonder", "zinnia",
}

var users = []string{"app", "relay", "svc-relay", "admin", "postgres", "deploy", "telemetry", "ci-bot", "readonly", "root"}

var firstNames = []string{"maria", "jonas", "aiko", "priya", "liam", "chloe", "mateo", "ingrid", "tomasz", "nadia", "oliver", "fatima"}

var lastNames = []string{"schneider", "lindqvist", "tanaka", "okonkwo", "fernandez", "dubois", "kowalski", "rossini", "petrov", "mcallister"}

var hosts = []string{
	"db-1.internal", "pg.prod.svc.cluster.local", "redis-master", "localhost", "cache.eu-west.example.net", "mq-0.mq-headless",
	"relay-db.cluster-ro.example.net", "10.0.3.17", "mongo-2", "broker.example.org",
}

var sites = []string{"api.example.com", "relay.example.net", "hub.example.org", "login.example.com", "cdn.example.net", "telemetry.example.io"}

var mailHosts = []string{"example.com", "example.org", "mail.example.net", "apex-racing.io", "pitwall.dev", "uni-muster.de", "firma.co.uk"}
