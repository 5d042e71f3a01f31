using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class DashboardTests
{
    [Test]
    public void An_offline_copy_is_written_and_told()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["runs", "run"]);
        File.WriteAllText(folder["runs", "run", "options.json"], "{\"task\":\"Pendulum\"}");
        var copied = ToolResult.Of("dashboard", folder["runs"], "--offline", folder["copy.html"]);
        Assert.Multiple(() =>
        {
            Assert.That((copied.Code, copied.Output.Trim()), Is.EqualTo((0, $"wrote {folder["copy.html"]} with 1 run")), copied.Errors);
            Assert.That(File.ReadAllText(folder["copy.html"]), Does.StartWith("<!DOCTYPE html>").And.Contain("\"task\":\"Pendulum\""));
        });
    }

    [TestCase("nowhere", "--port", "1", "there is no such folder")]
    [TestCase(".", "--port", "70000", "Port is 70000")]
    [TestCase(".", "--bind", "example.org", "Bind is 'example.org'")]
    [TestCase(".", "--token", "secret", "Token has 6 characters")]
    [TestCase(".", "--host", "http://a", "HostNames has 'http://a'")]
    [TestCase(".", "--offline", " ", "--offline is ' '")]
    public void Arguments_that_cannot_be_are_refused(string path, string option, string value, string message) =>
        ToolResult.Of("dashboard", path, option, value).MustFail(ExitCodes.BadArguments, message);
}
