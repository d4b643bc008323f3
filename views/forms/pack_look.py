"""The form of the organisation's own template for slides."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from views.forms.base import Form


class TemplateForm(Form):
    file = FileField("PowerPoint file (.pptx)", [FileRequired("Choose the file first.")])
