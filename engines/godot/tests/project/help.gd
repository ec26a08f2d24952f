# The class's help has every method, property, signal and constant, and nothing else.
extends "res://case.gd"

const KINDS := ["method", "member", "signal", "constant"]


func run() -> void:
	var documented := {}
	var empty: Array[String] = []
	read_help(documented, empty)
	check_equal(empty, [] as Array[String], "what has no description")
	check_equal(sorted(documented.get("method", [])), sorted(methods()), "methods")
	check_equal(sorted(documented.get("member", [])), sorted(names(ClassDB.class_get_property_list("MlabClient", true))), "members")
	check_equal(sorted(documented.get("signal", [])), sorted(names(ClassDB.class_get_signal_list("MlabClient", true))), "signals")
	check_equal(sorted(documented.get("constant", [])), sorted(Array(ClassDB.class_get_integer_constant_list("MlabClient", true))), "constants")


func sorted(list: Array) -> Array:
	list.sort()
	return list


func names(rows: Array) -> Array:
	return rows.filter(func(row): return row.name != "MlabClient").map(func(row): return str(row.name))


# Setters and getters are documented with their property.
func methods() -> Array:
	return names(ClassDB.class_get_method_list("MlabClient", true)).filter(func(name):
		return name == "get_pending" or not (name.begins_with("get_") or name.begins_with("set_") or name.begins_with("is_")))


func read_help(documented: Dictionary, empty: Array[String]) -> void:
	var parser := XMLParser.new()
	check_equal(parser.open(OS.get_environment("MLAB_TEST_HELP")), OK, "opening the help")
	var last := ""
	while parser.read() == OK:
		if parser.get_node_type() == XMLParser.NODE_TEXT:
			if parser.get_node_data().strip_edges() != "":
				empty.erase(last)
		elif parser.get_node_type() == XMLParser.NODE_ELEMENT and parser.get_node_name() in KINDS:
			last = parser.get_named_attribute_value("name")
			documented.get_or_add(parser.get_node_name(), []).append(last)
			empty.append(last)
