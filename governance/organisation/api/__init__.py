"""The interface of the organisation (接口).

Its addresses lie in `urls`: the framework imports the rest by the names in the settings.
"""
