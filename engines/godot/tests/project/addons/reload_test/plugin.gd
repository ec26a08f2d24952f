@tool
# Five hot reloads in the editor while jobs run: new code each time, and each job and image told once. Whoever runs this
# makes the jobs ready when it says that the reloads are over.
extends EditorPlugin

const RELOADS := 5
const JOBS := 40
const EXTENSION := "res://addons/mlab/mlab.gdextension"
const PLUGIN := "res://addons/mlab/bin/linux-x86_64/libmlab_godot.so"
const PATIENCE_MSEC := 120_000

var client: Node
var ends := {}
var images := {}
var has_failed := false


func _enter_tree() -> void:
	run.call_deferred()


func check(holds: bool, what: String) -> void:
	if not holds:
		has_failed = true
		print("does not hold: ", what)


func run() -> void:
	while EditorInterface.get_resource_filesystem().is_scanning():
		await get_tree().process_frame
	client = ClassDB.instantiate("MlabClient")
	client.endpoint = OS.get_environment("MLAB_TEST_ENDPOINT")
	client.key = "test-key-not-real"
	client.connect("job_ready", func(job, _urls): ends[job] = ends.get(job, 0) + 1)
	client.connect("failed", func(job, _status, name, message): check(false, "job %d: %s: %s" % [job, name, message]))
	client.connect("image_ready", func(job, index, texture, _info):
		images[[job, index]] = images.get([job, index], 0) + 1
		check(texture != null, "a texture"))
	add_child(client)
	var last := 0
	for number in JOBS:
		last = client.wait_for("1-%d" % number, { "poll_min": 1.0, "poll_max": 1.0 })
	for reload in RELOADS:
		for frame in 20:
			await get_tree().process_frame
		await reload_plugin(reload)
	print("reloads are over")
	var deadline := Time.get_ticks_msec() + PATIENCE_MSEC
	while client.get_pending() > 0 and Time.get_ticks_msec() < deadline:
		await get_tree().process_frame
	check(client.get_pending() == 0, "all jobs end")
	check(ends.size() == JOBS and ends.values().all(func(count): return count == 1), "each job ends once: %s" % ends)
	check(images.size() == JOBS and images.values().all(func(count): return count == 1), "each image comes once: %s" % images)
	check(client.wait_for("1") == last + 1, "numbers of jobs go on")
	check(not client.has_meta("_mlab_reload"), "nothing is left behind")
	get_tree().quit(1 if has_failed else 0)


func reload_plugin(reload: int) -> void:
	# A new file that is renamed, as build.sh does.
	check(DirAccess.copy_absolute(PLUGIN, PLUGIN + ".new") == OK, "a copy")
	check(DirAccess.rename_absolute(PLUGIN + ".new", PLUGIN) == OK, "a rename")
	var before: int = client.get_pending()
	check(before == JOBS, "%d jobs are in flight" % before)
	var status := GDExtensionManager.reload_extension(EXTENSION)
	check(status == GDExtensionManager.LOAD_STATUS_OK, "reload %d: status %d" % [reload, status])
	check(client.get_pending() == before, "the same jobs are open: %d of %d" % [client.get_pending(), before])
	var maps := []
	OS.execute("cat", ["/proc/%d/maps" % OS.get_process_id()], maps)
	check("libmlab_godot.so" in maps[0] and not "libmlab_godot.so (deleted)" in maps[0], "the old code is gone")
	await get_tree().process_frame
