"""A city of any size (生成数据): believable disputes in fictional townships, for measuring and for reports."""
from .making import Plan, make_city
from .protecting import refuse_demo_beside_real_township, refuse_on_real_portal

__all__ = ["Plan", "make_city", "refuse_demo_beside_real_township", "refuse_on_real_portal"]
