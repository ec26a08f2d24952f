# Pictures arrive as textures that equal their files, what Godot does not read as bytes, and the job's end comes last.
extends "res://case.gd"

var folder := OS.get_environment("MLAB_TEST_IMAGES")


func run() -> void:
	var job := client.wait_for("1-a")
	await until_idle()
	check_equal(told(job).size(), 5, "signals of a job with four images")
	check_equal(told(job).back().slice(0, 2), ["job_ready", job], "the last signal")
	check_equal(Array(told(job).back()[2]).map(func(url): return url.get_file()),
			["1-a-0.png", "1-a-1.jpg", "1-a-2.webp", "1-a-3.gif"], "links, by the images' indexes")
	var indexes := told(job).slice(0, 4).map(func(row): return row[2])
	indexes.sort()
	check_equal(indexes, [0, 1, 2, 3], "images told")
	for row in told(job).slice(0, 4):
		check_image(row, "1-a")
	await check_options()
	await check_numbers_as_ids()


func check_image(row: Array, id: String, keeps_bytes := false) -> void:
	var path := folder.path_join("%s-%d.%s" % [id, row[2], ["png", "jpg", "webp", "gif"][row[2]]])
	var texture: ImageTexture = row[3]
	var info: Dictionary = row[4]
	check_equal(info.type, ["image/png", "image/jpeg", "image/webp", "image/gif"][row[2]], "the type")
	check_equal([info.width, info.height], [64, 48], "the size that %s says" % path)
	check(not info.has("error"), "there is no error in %s" % info)
	check_equal(info.has("bytes"), keeps_bytes or row[2] == 3, "whether there are bytes of " + path)
	if info.has("bytes"):
		check_equal(info.bytes, FileAccess.get_file_as_bytes(path), "the bytes of " + path)
	check_equal(texture != null, row[2] != 3, "whether there is a texture of " + path)
	if texture != null:
		check_equal(texture.get_image().get_data(), Image.load_from_file(path).get_data(), "the pixels of " + path)


func check_options() -> void:
	var kept := client.wait_for("1-b", { "keep_bytes": true })
	var small := client.wait_for("1-c", { "max_pixels": 64 * 48 - 1 })
	var links := client.wait_for("1-d", { "images": false })
	await until_idle()
	check_equal(told(kept).size(), 5, "signals of a job whose bytes are kept")
	for row in told(kept).slice(0, 4):
		check_image(row, "1-b", true)
	check_equal(told(small).size(), 5, "signals of a job whose images are too large")
	for row in told(small).slice(0, 4):
		check(row[3] == null and row[4].has("bytes"), "there is no texture, and there are bytes")
		check_equal("max_pixels" in row[4].get("error", ""), row[2] != 3, "whether the error names max_pixels")
	check_equal(told(links).size(), 1, "signals of a job without images")
	check_equal(told(links)[0][2].size(), 4, "its links")


# What JSON makes of an id.
func check_numbers_as_ids() -> void:
	for id in [12202888, 12202888.0, &"12202888"]:
		var end: Array = await end_of(id, { "images": false })
		check(end[0] == "job_ready" and end[2][0].ends_with("/12202888-0.png"), "%s is a job of its own" % [end])
