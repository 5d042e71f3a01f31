using MbpoML.Imagination;
using MbpoML.Tool.Commands.Diagnose;

namespace MbpoML.Tool.Tests.Commands.Diagnose;

public class BoundCommandTests
{
    [Test]
    public void Of_an_error_that_is_no_number_no_length_is_recommended()
    {
        Assert.That(BoundCommand.Cells(new ModelTrust(double.NaN, 0.2, 0.05, 1), 0.9), Is.EqualTo(new[] { "0.05", "NaN", "0.2", "NaN", "1", "-", "-", "-" }));
        Assert.That(BoundCommand.Cells(new ModelTrust(0.1, 0.2, 0.05, 1), 0.9)[5], Is.EqualTo("7"));
    }
}
