# A name lookup that hangs holds up neither frames, nor a cancel, nor the end of the client and of the game.
extends "res://case.gd"


func run() -> void:
	client.endpoint = "https://hang.invalid/fetch/{id}"
	var job := client.wait_for("1")
	for frame in 60:
		await process_frame
	check_equal(told(job), [], "signals while the lookup hangs")
	client.cancel(job)
	var began := Time.get_ticks_msec()
	await until_idle()
	check_failed(told(job)[0], MlabClient.E_CANCELLED, "")
	check(Time.get_ticks_msec() - began < 5000, "a cancel does not wait for the lookup")
	client.wait_for("2")
	for frame in 30:
		await process_frame
	began = Time.get_ticks_msec()
	client.free()
	check(Time.get_ticks_msec() - began < 5000, "freeing does not wait for the lookup")
	client = new_client()
	root.add_child(client)
	client.endpoint = "https://hang.invalid/fetch/{id}"
	client.wait_for("3")
	await process_frame
