// What the page holds decides what it shows.

const data = JSON.parse(document.getElementById('data').textContent);
if (data.axes) sweepPage(data);
else reportPage(data);
