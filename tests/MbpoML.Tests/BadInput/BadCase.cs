namespace MbpoML.Tests.BadInput;

/// <summary>One row of the table of bad input: a call that must be refused.</summary>
/// <param name="Member">The member called, as <see cref="PublicSurface"/> names it.</param>
/// <param name="What">What is bad about the call.</param>
/// <param name="Exception">The documented exception, exactly.</param>
/// <param name="Call">The call.</param>
/// <param name="Message">What the message must contain: the argument's name, the value given.</param>
internal sealed record BadCase(string Member, string What, Type Exception, Action Call, IReadOnlyList<string> Message)
{
    public static BadCase Bad<TException>(string member, string what, Action call, params string[] message)
        where TException : Exception => new(member, what, typeof(TException), call, message);

    /// <summary>A test named after the row.</summary>
    public TestCaseData ToTest() => new TestCaseData(this).SetArgDisplayNames(Member, What);

    public void Verify()
    {
        var thrown = Assert.Catch(() => Call(), "The call was accepted.");
        Assert.That(thrown, Is.TypeOf(Exception));
        Assert.Multiple(() =>
        {
            foreach (var fragment in Message) Assert.That(thrown!.Message, Does.Contain(fragment));
        });
    }

    public override string ToString() => $"{Member}: {What}";
}
