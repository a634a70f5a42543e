// Reads all packs below a folder as one table and answers one question about the fleet. Run by
// duckdb-node with the folder as its argument; prints the rows as JSON.
const { DuckDBInstance } = require("@duckdb/node-api");

const question = `
WITH packs AS (
  SELECT "date", namespace, pod, json
  FROM read_json_objects($1 || '/**/*.json.gz', format = 'newline_delimited', compression = 'gzip', hive_partitioning = true)
), deaths AS (
  SELECT DISTINCT namespace, pod, CAST(life->>'endedAt' AS BIGINT) AS died
  FROM packs, unnest(CAST(json->'$.supportBundle.lives' AS JSON[])) AS l(life)
  WHERE life->>'endedAt' IS NOT NULL
), warnings AS ( -- an event stands in every pack that was made while its window held it
  SELECT DISTINCT namespace, pod, event->>'id' AS id, CAST(event->>'timestamp' AS BIGINT) AS happened
  FROM packs, unnest(CAST(json->'$.recentEvents.relay' AS JSON[])) AS r(event)
  WHERE event->>'type' = 'drift_warn'
)
SELECT namespace, pod, count(*)::INTEGER AS warnings
FROM deaths JOIN warnings USING (namespace, pod)
WHERE happened BETWEEN died - 3600000 AND died
GROUP BY ALL ORDER BY pod`;

(async () => {
  const db = await (await DuckDBInstance.create()).connect();
  const rows = await db.runAndReadAll(question, [process.argv[2]]);
  console.log(JSON.stringify(rows.getRowObjectsJson()));
})().catch((e) => {
  console.error(String(e));
  process.exit(1);
});
