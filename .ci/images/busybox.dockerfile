# A shell and the small tools, under the name of the official image.
FROM tidegate-databases
RUN ln -s "$(command -v busybox)" /usr/local/bin/wget
CMD ["sh"]
