using MbpoML.Tool.Commands;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class SetArgumentsTests
{
    [TestCase("train Pendulum --set a=1 b=2 --steps 3", "train Pendulum --set a=1 b=2 --steps 3")]
    [TestCase("train --set a=1 Pendulum", "train Pendulum --set a=1")]
    [TestCase("train --set=a=1 Pendulum", "train Pendulum --set=a=1")]
    [TestCase("train --set:a=1 Pendulum", "train Pendulum --set:a=1")]
    [TestCase("train --settings a=1 Pendulum", "train --settings a=1 Pendulum")]
    [TestCase("train --set a=1 b=2 Pendulum --steps 3", "train Pendulum --set a=1 b=2 --steps 3")]
    [TestCase("ablate --study no-model --set a=1 Pendulum", "ablate Pendulum --study no-model --set a=1")]
    [TestCase("diagnose generalization --set a=1 runs/a runs/b", "diagnose generalization runs/a runs/b --set a=1")]
    [TestCase("resume runs/a --set a=1 runs/b --set c=2 runs/d", "resume runs/a runs/b runs/d --set a=1 --set c=2")]
    [TestCase("train Pendulum --set Policy.LearningRate", "train Pendulum --set Policy.LearningRate")]
    [TestCase("train --set", "train --set")]
    [TestCase("resume --set a=1 -- runs/a", "resume --set a=1 -- runs/a")]
    [TestCase("plot runs/a --out x.png runs/b", "plot runs/a --out x.png runs/b")]
    [TestCase("plot --published runs/a runs/b", "plot runs/a --published runs/b")]
    [TestCase("plot --published mbpo,sac runs/b", "plot --published mbpo,sac runs/b")]
    [TestCase("plot --published mbop runs/b", "plot --published mbop runs/b")]
    public void What_is_no_setting_is_given_back(string arguments, string expected) =>
        Assert.That(string.Join(' ', SetArguments.InOrder(arguments.Split(' '))), Is.EqualTo(expected));
}
