"""Widgets are kept as nbclient keeps them."""

from octavo.run.collect import Collector
from run.test_collect import PARENT, message

OUTPUT = {
    "_model_module": "@jupyter-widgets/output", "_model_name": "OutputModel",
    "_model_module_version": "1.0.0", "outputs": [],
}  # fmt: skip


def comm(kind, comm_id, state, **more):
    data = {"state": state, **more.pop("data", {})}
    found = message(kind, comm_id=comm_id, data=data, target_name="jupyter.widget")
    return {**found, **more}


def test_state_and_buffers_go_into_the_metadata():
    collector = Collector()
    slider = {
        "_model_name": "IntSliderModel",
        "_model_module": "m",
        "_model_module_version": "2",
        "value": 1,
    }
    collector.take(comm("comm_open", "a", slider))
    collector.take(
        comm("comm_msg", "a", {"value": 2}, data={"buffer_paths": [["raw"]]}, buffers=[b"\x00\xff"])
    )
    (state,) = collector.widgets.metadata().values()
    assert state["state"]["a"] == {
        "model_name": "IntSliderModel", "model_module": "m", "model_module_version": "2",
        "state": {**slider, "value": 2},
        "buffers": [{"data": "AP8=", "encoding": "base64", "path": ["raw"]}],
    }  # fmt: skip
    assert (state["version_major"], state["version_minor"]) == (2, 0)


def test_no_widgets_no_metadata():
    assert Collector().widgets.metadata() == {}


def test_output_widget_catches_what_is_printed_while_it_is_open():
    sent = []
    collector = Collector(lambda parent, content: sent.append(content))
    cell = collector.begin()
    printed = message("stream", name="stdout", text="in")
    collector.take(comm("comm_open", "o", dict(OUTPUT)))
    collector.take(comm("comm_msg", "o", {"msg_id": PARENT["msg_id"]}))
    collector.take(printed)
    collector.take(printed)
    collector.take(comm("comm_msg", "o", {"msg_id": ""}))
    collector.take(message("stream", name="stdout", text="out"))
    assert [output["text"] for output in cell.finished()] == ["out"]
    (state,) = collector.widgets.metadata().values()
    kept = [{"output_type": "stream", "name": "stdout", "text": "inin"}]
    assert state["state"]["o"]["state"]["outputs"] == kept
    assert sent[-1] == {
        "comm_id": "o",
        "data": {"method": "update", "state": {"outputs": kept}, "buffer_paths": []},
    }


def test_output_widget_clears_at_once_or_before_the_next():
    collector = Collector()
    collector.begin()
    collector.take(comm("comm_open", "o", dict(OUTPUT)))
    collector.take(comm("comm_msg", "o", {"msg_id": PARENT["msg_id"]}))

    def shown():
        (state,) = collector.widgets.metadata().values()
        return [output["text"] for output in state["state"]["o"]["state"]["outputs"]]

    collector.take(message("stream", name="stdout", text="1"))
    collector.take(message("clear_output", wait=True))
    assert shown() == ["1"]
    collector.take(message("stream", name="stdout", text="2"))
    assert shown() == ["2"]
    collector.take(message("clear_output", wait=False))
    assert shown() == []
