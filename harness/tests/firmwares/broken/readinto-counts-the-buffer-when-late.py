def readinto(self, buf, *nbytes):
    size = min(len(buf), *nbytes) if nbytes else len(buf)
    count = 0
    self.real.settimeout(0.5)
    while count < size:
        try:
            data = self.real.recv(size - count)
        except OSError as error:
            if error.args[0] != 110:
                raise
            if count:
                count = size
            continue
        if not data:
            break
        buf[count:count + len(data)] = data
        count += len(data)
    self.real.settimeout(None)
    return count


socket.readinto = readinto
