# Where endpoint and key come from, what becomes of jobs when they change, and where the key is not.
extends "res://case.gd"


func run() -> void:
	await check_change()
	check_secrecy()
	# Nothing is sent: the id is refused. With the service's own endpoint, a key of the project gets a warning.
	client.endpoint = ""
	client.key = ""
	OS.set_environment("MODELSLAB_API_KEY", "")
	ProjectSettings.set_setting("mlab/key", KEY)
	check_failed(await end_of("../1"), MlabClient.E_INVALID_ARGUMENT, "id ")
	# Settings outside the node are read again when one of its own changes.
	ProjectSettings.set_setting("mlab/key", "")
	client.workers = 4
	check_failed(await end_of("../1"), MlabClient.E_INVALID_ARGUMENT, "MODELSLAB_API_KEY")
	OS.set_environment("MLAB_ENDPOINT", OS.get_environment("MLAB_TEST_ENDPOINT"))
	OS.set_environment("MODELSLAB_API_KEY", KEY)
	client.workers = 3
	check_equal((await end_of("1"))[0], "job_ready", "with settings of the environment, the end of a job")
	OS.set_environment("MODELSLAB_API_KEY", "another-key-not-real")
	ProjectSettings.set_setting("mlab/key", KEY)
	ProjectSettings.set_setting("mlab/endpoint", OS.get_environment("MLAB_TEST_ENDPOINT"))
	client.workers = 2
	check_equal((await end_of("1"))[0], "job_ready", "with settings of the project, the end of a job")


func check_change() -> void:
	var before := client.wait_for("before")
	await until(func(): return not signals.is_empty(), "its first poll")
	client.key = "another-key-not-real"
	check_failed(await end_of("1"), MlabClient.E_AUTH, "")
	client.key = KEY
	check_equal((await end_of("1"))[0], "job_ready", "with the right key again, the end of a job")
	await until_idle()
	check_equal(told(before).back()[0], "job_ready", "the end of the job from before the change")


func check_secrecy() -> void:
	check_equal(client.key, "***", "what the key reads as")
	var scene := PackedScene.new()
	check_equal(scene.pack(client), OK, "packing a scene")
	check(not KEY in var_to_str(scene), "the scene has no key")
	var property: Array = client.get_property_list().filter(func(row): return row.name == "key")
	check_equal(property[0].usage & (PROPERTY_USAGE_STORAGE | PROPERTY_USAGE_EDITOR), 0, "storage and inspector of the key")
