using MbpoML.Tests.BadInput;

namespace MbpoML.Tests;

/// <summary>The rows of <c>BadInputTests</c> that are about the bounds and the pool: the others need the rest of that project.</summary>
public class CoreBadInputTests
{
    private static IEnumerable<TestCaseData> Rows => ((IEnumerable<BadCase>)[.. TheoryCases.All, .. PoolCases.All]).Select(row => row.ToTest());

    [TestCaseSource(nameof(Rows))]
    public void It_is_refused(object row) => ((BadCase)row).Verify();
}
