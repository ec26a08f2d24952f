# Each failure comes as one signal that says what to do, and what is wrong with an argument names it.
extends "res://case.gd"


func run() -> void:
	check_failed(await end_of("fail-1"), MlabClient.E_JOB_FAILED, "make a new one")
	check_failed(await end_of("auth-1"), MlabClient.E_AUTH, "check it")
	check_failed(await end_of("never-1", { "deadline": 1.0 }), MlabClient.E_DEADLINE, "deadline")
	await check_arguments()
	await check_settings()
	var end: Array = await end_of("1")
	check_equal(end[0], "job_ready", "after all these refusals, the end of a good job")


func check_arguments() -> void:
	for row in [
		["../1", {}, "id "],
		["", {}, "id "],
		[null, {}, "id "],
		[1.5e300, {}, "id "],
		["1", { "dedline": 3 }, "options.dedline is not known"],
		["1", { "deadline": "3" }, "options.deadline must be a number"],
		["1", { "deadline": -1 }, "options.deadline must be a number"],
		["1", { "deadline": NAN }, "options.deadline must be a number"],
		["1", { "deadline": 0 }, "options.deadline: "],
		["1", { "poll_min": 0.5 }, "options.poll_min: "],
		["1", { "poll_max": 0.5 }, "options.poll_max: "],
		["1", { "max_bytes": 0 }, "options.max_bytes must be a whole number"],
		["1", { "max_pixels": 1.5 }, "options.max_pixels must be a whole number"],
		["1", { "images": 1 }, "options.images must be true or false"],
	]:
		check_failed(await end_of(row[0], row[1]), MlabClient.E_INVALID_ARGUMENT, row[2])


func check_settings() -> void:
	var good := client.endpoint
	client.endpoint = good.replace("{id}", "id")
	check_failed(await end_of("1"), MlabClient.E_INVALID_ARGUMENT, "{id}")
	client.endpoint = good
	client.workers = 0
	check_failed(await end_of("1"), MlabClient.E_INVALID_ARGUMENT, "workers")
	client.workers = 4
	client.key = "two\nlines"
	check_failed(await end_of("1"), MlabClient.E_INVALID_ARGUMENT, "key")
	client.key = ""
	check_failed(await end_of("1"), MlabClient.E_INVALID_ARGUMENT, "set MlabClient.key")
	client.key = KEY
