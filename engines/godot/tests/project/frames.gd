# How long frames take while 18 images of 1024 x 1024 come in: figures, no limit.
extends "res://case.gd"


func run() -> void:
	Engine.max_fps = 60
	var job_count := 18
	var deltas: Array[int] = []
	for number in 60:
		await process_frame
	for number in job_count:
		client.wait_for("1-%d" % number)
	var last := Time.get_ticks_usec()
	while client.get_pending() > 0:
		await process_frame
		deltas.append(Time.get_ticks_usec() - last)
		last = Time.get_ticks_usec()
	check_equal(signals.filter(func(row): return row[0] == "image_ready" and row[3] != null).size(), job_count, "textures")
	deltas.sort()
	print("figures: %d images: %d frames, median %.1f ms, worst %.1f ms"
			% [job_count, deltas.size(), deltas[deltas.size() / 2] / 1000.0, deltas.back() / 1000.0])
