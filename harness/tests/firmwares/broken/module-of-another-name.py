module.__name__ = 'lwip'
