# A cancelled job ends with E_CANCELLED, once, and the others go on; signals may do anything.
extends "res://case.gd"


func run() -> void:
	var running := client.wait_for("never-1")
	var other := client.wait_for("1")
	await until(func(): return signals.any(func(row): return row[0] == "progress" and row[1] == running), "it runs")
	check(client.cancel(running), "a job that runs can be cancelled")
	var unsent := client.wait_for("never-unsent")
	check(client.cancel(unsent), "a job of the same frame can be cancelled")
	await until_idle()
	check_cancelled(running)
	check_cancelled(unsent)
	check_equal(told(other).back()[0], "job_ready", "the end of the other job")
	check(not client.cancel(running), "a job that has ended cannot be cancelled")
	check(not client.cancel(0) and not client.cancel(-1), "there is no such job")
	await check_all()
	await check_inside_signals()
	await check_free_inside_signal()
	await check_out_of_tree()


func check_cancelled(job: int) -> void:
	check_equal(told(job).size(), 1, "signals of a cancelled job")
	check_failed(told(job)[0], MlabClient.E_CANCELLED, "fetched later")


func check_all() -> void:
	var jobs := range(50).map(func(number): return client.wait_for("never-%d" % number))
	await process_frame
	await process_frame
	jobs += range(50).map(func(number): return client.wait_for("never-b%d" % number))
	client.cancel_all()
	await until_idle()
	for job in jobs:
		check_cancelled(job)


# A receiver that opens and cancels jobs, and asks for a pump while one runs.
func check_inside_signals() -> void:
	var opened: Array[int] = []
	var again := func(_job, _urls):
		client.pump()
		opened.append(client.wait_for("1"))
		opened.append(client.wait_for("never-2"))
		client.cancel(opened.back())
		client.cancel_all.call_deferred()
	client.job_ready.connect(again, CONNECT_ONE_SHOT)
	client.wait_for("1")
	await until(func(): return opened.size() == 2, "the receiver is called")
	await until_idle()
	for job in opened:
		check_equal(told(job).filter(func(row): return row[0] != "image_ready").size(), 1, "ends of a job")


# A receiver that ends the client. free() at once is refused by Godot's debug builds; release builds free.
func check_free_inside_signal() -> void:
	var short := new_client()
	root.add_child(short)
	for number in 20:
		short.wait_for("1")
	short.job_ready.connect(func(_job, _urls): short.queue_free(), CONNECT_ONE_SHOT)
	var id := short.get_instance_id()
	await until(func(): return not is_instance_id_valid(id), "the client is freed")


# Out of the tree there are no frames: signals wait, jobs do not.
func check_out_of_tree() -> void:
	var job := client.wait_for("1")
	root.remove_child(client)
	for frame in 30:
		await process_frame
	check_equal(told(job), [], "signals out of the tree")
	root.add_child(client)
	await until_idle()
	check_equal(told(job).back()[0], "job_ready", "the end of the job")
