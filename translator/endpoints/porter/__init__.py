"""The porter: a process of its own that carries for the folders of this machine.

Each short call of the system hands the interpreter from thread to thread. Where very many files lie in a local folder,
that slows the one thread that decides more than the disk does; a process of its own takes none of its time.

`lines.py` is the service's side: it starts the process and speaks with it, a line for each thread that carries.
`folder.py` is a place for the stations: a folder behind such a line. `desk.py` is the side of the process: a thread for
each line, with real folders.
"""
