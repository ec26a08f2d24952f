# What every case has: a client of the stand-in server that records its signals, checks, and an end.
extends SceneTree

const KEY := "test-key-not-real"
const PATIENCE_MSEC := 120_000

var client: MlabClient
# [name of the signal, job, ...] in the order in which they came.
var signals: Array[Array] = []
var has_failed := false


func _initialize() -> void:
	Engine.max_fps = 120
	client = new_client()
	root.add_child(client)
	await process_frame
	await run()
	quit(1 if has_failed else 0)


# Overridden by each case.
func run() -> void:
	pass


func new_client() -> MlabClient:
	var made := MlabClient.new()
	made.endpoint = OS.get_environment("MLAB_TEST_ENDPOINT")
	made.key = KEY
	record(made)
	return made


func record(of: MlabClient) -> void:
	of.progress.connect(func(job, info): signals.append(["progress", job, info]))
	of.image_ready.connect(func(job, index, texture, info): signals.append(["image_ready", job, index, texture, info]))
	of.job_ready.connect(func(job, urls): signals.append(["job_ready", job, urls]))
	of.failed.connect(func(job, status, name, message): signals.append(["failed", job, status, name, message]))


func check(holds: bool, what: String) -> void:
	if not holds:
		has_failed = true
		print("does not hold: ", what)


func check_equal(given: Variant, wanted: Variant, what: String) -> void:
	check(typeof(given) == typeof(wanted) and given == wanted, "%s is %s and should be %s" % [what, given, wanted])


# The signals of a job, without progress.
func told(job: int) -> Array:
	return signals.filter(func(row): return row[1] == job and row[0] != "progress")


# Waits, frame by frame, until something holds.
func until(holds: Callable, what: String) -> void:
	var deadline := Time.get_ticks_msec() + PATIENCE_MSEC
	while not holds.call():
		if Time.get_ticks_msec() > deadline:
			check(false, "in time: " + what)
			return
		await process_frame


func until_idle() -> void:
	await until(func(): return client.get_pending() == 0, "all jobs end")


# Waits for a job and returns its last signal.
func end_of(id: Variant, options: Dictionary = {}) -> Array:
	var job := client.wait_for(id, options)
	await until(func(): return told(job).any(func(row): return row[0] != "image_ready"), "%s ends" % id)
	return [] if told(job).is_empty() else told(job).back()


func check_failed(end: Array, status: int, words: String) -> void:
	check(end.size() == 5 and end[0] == "failed" and end[2] == status and (words.is_empty() or words in end[4]),
			"%s is a failure %d with the words: %s" % [end, status, words])
